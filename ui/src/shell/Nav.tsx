import { CloseButton, Kbd, UnstyledButton } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import {
  IconArrowsSplit2,
  IconChartBar,
  IconChartPie,
  IconDatabase,
  IconLogin2,
  IconLogout2,
  IconMail,
  IconMailFast,
  IconSearch,
  IconSettings,
  IconSpeakerphone,
  IconTemplate,
  IconUsers,
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

/** The rooms in the order in which data meets them: what comes in, who it is about, what is sent. */
const GROUPS: { name: string; rooms: Room[] }[] = [
  {
    name: "Data",
    rooms: [
      { to: "/", name: "Pipeline", icon: IconArrowsSplit2 },
      { to: "/sources", name: "Sources", icon: IconLogin2 },
      { to: "/destinations", name: "Destinations", icon: IconLogout2 },
      { to: "/warehouse", name: "Warehouse", icon: IconDatabase },
    ],
  },
  {
    name: "People",
    rooms: [
      { to: "/contacts", name: "Contacts", icon: IconUsers },
      { to: "/segments", name: "Segments", icon: IconChartPie },
    ],
  },
  {
    name: "Email",
    rooms: [
      { to: "/templates", name: "Templates", icon: IconTemplate },
      { to: "/broadcasts", name: "Broadcasts", icon: IconSpeakerphone },
      { to: "/messages", name: "Messages", icon: IconMailFast },
      { to: "/reports", name: "Reports", icon: IconChartBar },
      { to: "/channels", name: "Channels", icon: IconMail },
    ],
  },
  { name: "Server", rooms: [{ to: "/settings", name: "Settings", icon: IconSettings }] },
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
        <div className={classes.groups}>
          {GROUPS.map((group) => (
            <section key={group.name} aria-label={group.name}>
              <h2 className={classes.group}>{group.name}</h2>
              <ul className={classes.links}>
                {group.rooms.map((room) => (
                  <RoomLink key={room.to} room={room} onNavigate={onNavigate} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      </nav>
      <div className={classes.foot}>
        <UserMenu />
      </div>
    </div>
  );
}

function RoomLink({ room: { to, name, icon: Glyph }, onNavigate }: { room: Room; onNavigate: () => void }) {
  return (
    <li>
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
  );
}
