import { IconSearchOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import classes from "./Catalog.module.css";
import { type CatalogEntry, groupsOf } from "./catalog";
import { Empty } from "./Empty";
import { KindIcon } from "./KindIcon";
import { MarkdownLine } from "./Markdown";
import { Search } from "./Search";

interface CatalogProps {
  entries: CatalogEntry[];
  /** The address of an entry's page is this and its slug. */
  base: string;
  what: string;
}

/** Tiles of what can be added, under a heading for each category. */
export function Catalog({ entries, base, what }: CatalogProps) {
  const [text, setText] = useState("");
  const groups = groupsOf(entries, text);
  const addressOf = (slug: string): string => `${base}/${slug}`;
  return (
    <>
      <Search value={text} onChange={setText} placeholder={`Search ${what}`} width={360} />
      {groups.length === 0 && <Empty icon={IconSearchOff} title={`No ${what} match “${text}”`} />}
      {groups.map((group) => (
        <section key={group.category} className={classes.group}>
          <h2 className={classes.category}>{group.category}</h2>
          <ul className={classes.tiles}>
            {group.entries.map((entry) => (
              <li key={entry.slug}>
                <Link to={addressOf(entry.slug)} className={classes.tile}>
                  <KindIcon icon={entry.icon} size={40} />
                  <span className={classes.words}>
                    <span className={classes.name}>{entry.name}</span>
                    <span className={classes.summary}>
                      <MarkdownLine text={entry.summary} />
                    </span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
