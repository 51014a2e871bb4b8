// Copies Segment's browser SDK beside the built UI; the server serves standalone.js as analytics.min.js, and its chunks.
import { cpSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ui = join(dirname(fileURLToPath(import.meta.url)), "..");
const sdk = join(ui, "node_modules/@segment/analytics-next");
const to = join(ui, "../src/skywrite/_web/analytics-next");

// Type declarations and source maps are for those who build with the SDK, not for browsers.
const wanted = (path) => !/\.(d\.ts|map|map\.gz)$/.test(path);

rmSync(to, { recursive: true, force: true });
cpSync(join(sdk, "dist/umd"), to, { recursive: true, filter: wanted });
cpSync(join(sdk, "LICENSE.MD"), join(to, "LICENSE.md"));
console.log(`copied ${readdirSync(to).length} entries of @segment/analytics-next to ${to}`);
