import { Menu, UnstyledButton } from "@mantine/core";
import { IconDoorExit, IconKeyboard, IconSelector } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMe, useSignOut } from "@/api/session";
import classes from "./Shell.module.css";
import { ShortcutsModal } from "./ShortcutsModal";
import { ThemeSwitch } from "./ThemeSwitch";

export function UserMenu() {
  const me = useMe();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const [shortcuts, setShortcuts] = useState(false);
  const email = me.data?.email ?? "";
  return (
    <>
      <Menu position="top-start" width={212} shadow="md">
        <Menu.Target>
          <UnstyledButton className={classes.user} aria-label={`Account: ${email}`}>
            <span className={classes.avatar} aria-hidden="true">
              {email.slice(0, 1)}
            </span>
            <span className="truncate">{email}</span>
            <IconSelector size={14} style={{ marginLeft: "auto", flex: "none" }} aria-hidden="true" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div style={{ padding: 6 }}>
            <ThemeSwitch />
          </div>
          <Menu.Divider />
          <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => setShortcuts(true)}>
            Keyboard shortcuts
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDoorExit size={16} />}
            onClick={() => signOut.mutate(undefined, { onSuccess: () => navigate({ to: "/sign-in" }) })}
          >
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ShortcutsModal opened={shortcuts} onClose={() => setShortcuts(false)} />
    </>
  );
}
