import { Button, Skeleton } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useDemo } from "@/api/demo";
import { useLivePipeline, usePipeline } from "@/api/pipeline";
import type { Pipeline } from "@/api/types";
import { Ask } from "@/components/Ask";
import { LiveMark } from "@/components/LiveMark";
import { Page } from "@/components/Page";
import { DemoCard } from "./DemoCard";
import { Figures } from "./Figures";
import { FirstSteps } from "./FirstSteps";
import { NARROWEST } from "./layout";
import { MailStrip } from "./MailStrip";
import { Picture } from "./Picture";
import classes from "./PipelinePage.module.css";
import { PipelineStack } from "./PipelineStack";

/** The first page: the pipeline as it is, now. */
export function PipelinePage() {
  const pipeline = usePipeline();
  const stream = useLivePipeline();
  return (
    <Page
      title="Pipeline"
      beside={<LiveMark state={stream} />}
      actions={
        <Button component={Link} to="/sources/catalog" variant="default" leftSection={<IconPlus size={16} />}>
          Add source
        </Button>
      }
      wide
    >
      <Ask query={pipeline} loading={<Skeleton height={420} radius="lg" />}>
        {(data) => <Content pipeline={data} />}
      </Ask>
    </Page>
  );
}

function Content({ pipeline }: { pipeline: Pipeline }) {
  const { ref, width } = useElementSize();
  const plays = useDemo().data?.is_playing ?? false;
  const sources = pipeline.nodes.filter((node) => node.kind === "source");
  return (
    <>
      <DemoCard sources={sources} />
      {sources.length > 0 && <Figures pipeline={pipeline} />}
      {!plays && <FirstSteps sources={sources} />}
      {sources.length > 0 && (
        <section ref={ref} className={classes.board} aria-label="Picture of the pipeline">
          {width >= NARROWEST && <Picture pipeline={pipeline} width={width} />}
          {width > 0 && width < NARROWEST && <PipelineStack pipeline={pipeline} />}
          {width > 0 && <MailStrip pipeline={pipeline} />}
        </section>
      )}
    </>
  );
}
