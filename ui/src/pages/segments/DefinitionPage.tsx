import { notifications } from "@mantine/notifications";
import { useParams } from "@tanstack/react-router";
import { useChangeSegment, useSegment } from "@/api/segments";
import { SegmentEditor } from "./builder/SegmentEditor";

export function DefinitionPage() {
  const { id } = useParams({ from: "/app/segments/$id/definition" });
  const segment = useSegment(id);
  const change = useChangeSegment(id);
  if (!segment.data) return null;
  return (
    <SegmentEditor
      key={id}
      segment={segment.data}
      verb="Save"
      busy={change.isPending}
      error={change.error}
      onSave={(body, saved) =>
        change.mutate(body, {
          onSuccess: () => {
            saved();
            notifications.show({ color: "teal", message: "Saved. The members are being counted anew." });
          },
        })
      }
    />
  );
}
