import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useCatalogSources } from "@/api/sources";
import type { PipelineNode } from "@/api/types";
import { KindIcon } from "@/components/KindIcon";
import { Panel } from "@/components/Page";
import { DemoOffer } from "./DemoCard";
import classes from "./PipelinePage.module.css";
import { placeOf } from "./saying";

const STEPS = [
  { name: "Add a source", words: "Something that sends events: your server, your website, or plain HTTP." },
  { name: "Paste its snippet", words: "It names this server and your new write key. Any Segment SDK works unchanged." },
  { name: "See it arrive", words: "In the debugger within a second, in the warehouse’s tables seconds later." },
];

/** What to do next, while the pipeline is empty or has seen nothing; afterwards nothing. */
export function FirstSteps({ sources }: { sources: PipelineNode[] }) {
  if (sources.length === 0) return <Begin />;
  const [first] = sources;
  if (!first || sources.some((node) => node.total_24h > 0 || node.per_second > 0)) return null;
  return (
    <div className={classes.waiting}>
      <span>
        <b>{first.name}</b> waits for its first event. Paste its snippet into your code, and watch it arrive.
      </span>
      <Button component={Link} to={placeOf(first)} size="xs">
        Show the snippet
      </Button>
    </div>
  );
}

function Begin() {
  const catalog = useCatalogSources();
  return (
    <>
      <DemoOffer />
      <Panel title="Start here" lead="With your own events: three steps, about a minute.">
        <ol className={classes.steps}>
          {STEPS.map(({ name, words }, index) => (
            <li key={name} className={classes.step}>
              <span className={classes.number} aria-hidden="true">
                {index + 1}
              </span>
              <div>
                <h3 className={classes.stepName}>{name}</h3>
                <p className={classes.stepWords}>{words}</p>
              </div>
            </li>
          ))}
        </ol>
        <nav className={classes.kinds} aria-label="Kinds of sources">
          {(catalog.data ?? []).map((kind) => (
            <Link key={kind.slug} to="/sources/catalog/$kind" params={{ kind: kind.slug }} className={classes.kind}>
              <KindIcon icon={kind.icon} size={32} />
              {kind.name}
            </Link>
          ))}
        </nav>
      </Panel>
    </>
  );
}
