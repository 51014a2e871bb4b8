import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Logo } from "@/components/Logo";
import { AwayBanner } from "./AwayBanner";
import { useKeys } from "./keys";
import { Nav } from "./Nav";
import classes from "./Shell.module.css";

const Palette = lazy(() => import("./Palette").then((module) => ({ default: module.Palette })));

/** The frame around every signed-in page. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  useKeys();
  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 236, breakpoint: "sm", collapsed: { mobile: !opened } }}
      transitionDuration={120}
    >
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Group h="100%" px="md" justify="space-between">
          <Link to="/" className="plain" aria-label="Skywrite, first page">
            <Logo />
          </Link>
          <Burger opened={opened} onClick={toggle} size="sm" aria-label="Navigation" />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Nav onNavigate={close} opened={opened} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <AwayBanner />
        <Outlet />
      </AppShell.Main>
      <Suspense>
        <Palette />
      </Suspense>
    </AppShell>
  );
}
