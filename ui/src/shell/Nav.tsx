import { CloseButton, Kbd, UnstyledButton } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import {
  IconArrowsSplit2,
  IconChartPie,
  IconDatabase,
  IconLogin2,
  IconLogout2,
  IconMail,
  IconSearch,
  IconSettings,
  IconUsers,
  IconTemplate,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Logo } from "@/components/Logo";
import classes from "./Shell.module.css";
import { UserMenu } from "./UserMenu";

interface Room {
  to: string;
  name: string;
  icon: TablerIcon;
}

export const ROOMS: Room[] = [
  { to: "/", name: "Pipeline", icon: IconArrowsSplit2 },
  { to: "/sources", name: "Sources", icon: IconLogin2 },
  { to: "/destinations", name: "Destinations", icon: IconLogout2 },
  { to: "/contacts", name: "Contacts", icon: IconUsers },
  { to: "/templates", name: "Templates", icon: IconTemplate },
  { to: "/warehouse", name: "Warehouse", icon: IconDatabase },
  { to: "/segments", name: "Segments", icon: IconChartPie },
  { to: "/channels", name: "Channels", icon: IconMail },
  { to: "/settings", name: "Settings", icon: IconSettings },
];

const COMMAND = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

interface NavProps {
  opened: boolean;
  onNavigate: () => void;
}

export function Nav({ opened, onNavigate }: NavProps) {
  return (
    <div className={classes.nav}>
      <div className={classes.brand}>
        <Link to="/" className="plain" onClick={onNavigate} aria-label="Skywrite, first page">
          <Logo />
        </Link>
        {opened && <CloseButton hiddenFrom="sm" onClick={onNavigate} aria-label="Close navigation" />}
      </div>
      <UnstyledButton className={classes.find} onClick={spotlight.open} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={15} aria-hidden="true" />
        Go to…
        <Kbd size="xs" aria-hidden="true">
          {COMMAND} K
        </Kbd>
      </UnstyledButton>
      <nav aria-label="Rooms" style={{ display: "contents" }}>
        <ul className={classes.links}>
          {ROOMS.map(({ to, name, icon: Glyph }) => (
            <li key={to}>
              <Link
                to={to}
                className={classes.link}
                activeOptions={{ exact: to === "/" }}
                activeProps={{ "aria-current": "page" }}
                onClick={onNavigate}
              >
                <Glyph size={18} stroke={1.7} aria-hidden="true" />
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.foot}>
        <UserMenu />
      </div>
    </div>
  );
}
