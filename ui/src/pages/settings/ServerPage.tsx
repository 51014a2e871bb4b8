import { Text } from "@mantine/core";
import { useHealth, useServerSettings } from "@/api/settings";
import { Ask } from "@/components/Ask";
import { Panel } from "@/components/Page";
import { SettingRow } from "@/components/SettingRow";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { ThemeSwitch } from "@/shell/ThemeSwitch";

/** How these pages look, how the server is, and the settings it was started with. */
export function ServerPage() {
  return (
    <>
      <Panel title="Appearance">
        <SettingRow name="Colour scheme" words="Auto follows your system. It is kept in this browser.">
          <div style={{ width: 240, maxWidth: "50vw" }}>
            <ThemeSwitch />
          </div>
        </SettingRow>
      </Panel>
      <HealthPanel />
      <SettingsPanel />
    </>
  );
}

function HealthPanel() {
  const health = useHealth();
  return (
    <Panel
      title="Health"
      beside={
        health.data && (
          <Text size="sm" c="dimmed">
            Skywrite {health.data.version}
          </Text>
        )
      }
    >
      <Ask query={health}>
        {({ roles }) => (
          <>
            {Object.entries(roles).map(([role, state]) => (
              <SettingRow key={role} name={<span style={{ textTransform: "capitalize" }}>{role}</span>}>
                <Text size="sm" component="div">
                  <State
                    state={state === "ok" ? "ok" : state === "starting" ? "loading" : "failing"}
                    words={words(state)}
                  />
                </Text>
              </SettingRow>
            ))}
          </>
        )}
      </Ask>
    </Panel>
  );
}

const words = (state: string): string => (state === "ok" ? "OK" : state);

const HEADS = [{ name: "Setting" }, { name: "Value" }, { name: "What it does", wide: true }];

function SettingsPanel() {
  const settings = useServerSettings();
  return (
    <Panel flush title="Settings in force" lead="Set by flags and SKYWRITE_ variables when the server starts.">
      <Ask query={settings}>
        {(all) => (
          <Rows caption="Settings" heads={HEADS}>
            {all.map((setting) => (
              <tr key={setting.name}>
                <Cell>
                  <span className="mono">{setting.name}</span>
                </Cell>
                <Cell>
                  <span className="mono" style={{ overflowWrap: "anywhere" }}>
                    {setting.value || "–"}
                  </span>
                </Cell>
                <Cell wide dim>
                  {setting.description}
                </Cell>
              </tr>
            ))}
          </Rows>
        )}
      </Ask>
    </Panel>
  );
}
