import { useNavigate } from "@tanstack/react-router";
import { useAddSegment } from "@/api/segments";
import { Page } from "@/components/Page";
import { SegmentEditor } from "./builder/SegmentEditor";

export function NewSegment() {
  const add = useAddSegment();
  const navigate = useNavigate();
  return (
    <Page title="New segment" above={{ to: "/segments", name: "Segments" }} wide>
      <SegmentEditor
        segment={null}
        verb="Create segment"
        busy={add.isPending || add.isSuccess}
        error={add.error}
        onSave={(body, saved) =>
          add.mutate(body, {
            onSuccess: (made) => {
              saved();
              void navigate({ to: "/segments/$id/overview", params: { id: made.id }, ignoreBlocker: true });
            },
          })
        }
      />
    </Page>
  );
}
