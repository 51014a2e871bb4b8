import {
  IconBraces,
  IconBrandGolang,
  IconBrandJavascript,
  IconBrandNodejs,
  IconBrandPhp,
  IconBrandPython,
  IconBrandRust,
  IconCoffee,
  IconDatabase,
  IconDiamond,
  IconMail,
  IconMailFast,
  IconPlugConnected,
  IconStack2,
  IconUsers,
  IconWebhook,
  type TablerIcon,
} from "@tabler/icons-react";
import type { CSSProperties } from "react";
import classes from "./KindIcon.module.css";

/** The catalog's icon names: a glyph, and its colour on light and on dark. */
const KINDS: Record<string, [glyph: TablerIcon, light: string, dark: string]> = {
  "http-api": [IconBraces, "#475060", "#b4bbc8"],
  python: [IconBrandPython, "#2f6a9e", "#6fb1e6"],
  nodejs: [IconBrandNodejs, "#3a7d34", "#7cc873"],
  go: [IconBrandGolang, "#017d9c", "#4fc3df"],
  java: [IconCoffee, "#b45309", "#eaa15c"],
  ruby: [IconDiamond, "#b3201b", "#f0817c"],
  php: [IconBrandPhp, "#5a61a6", "#a2a8e4"],
  rust: [IconBrandRust, "#a4481d", "#e79a72"],
  javascript: [IconBrandJavascript, "#8a6d00", "#f0d44c"],
  autopilothq: [IconMailFast, "#0f766e", "#4fd1c0"],
  webhook: [IconWebhook, "#8b2f8f", "#dd8be0"],
  log: [IconStack2, "#3b63e6", "#9db4fb"],
  contacts: [IconUsers, "#2563a8", "#7db4f0"],
  email: [IconMail, "#b4326b", "#f08fb8"],
  warehouse: [IconDatabase, "#8a6100", "#e9c35a"],
  duckdb: [IconDatabase, "#8a6100", "#e9c35a"],
};

const UNKNOWN: (typeof KINDS)[string] = [IconPlugConnected, "#636d7d", "#a9b1be"];

interface KindIconProps {
  icon: string;
  size?: number;
}

/** A tile for a kind of source, destination or part of the pipeline. Its name always stands beside it. */
export function KindIcon({ icon, size = 32 }: KindIconProps) {
  const [Glyph, light, dark] = KINDS[icon] ?? UNKNOWN;
  const style = { "--kind-light": light, "--kind-dark": dark, width: size, height: size } as CSSProperties;
  return (
    <span className={classes.tile} style={style} aria-hidden="true">
      <Glyph size={Math.round(size * 0.6)} stroke={1.7} />
    </span>
  );
}
