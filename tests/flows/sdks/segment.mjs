// Every call of @segment/analytics-node, as its documentation shows them; only the host is ours.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host });
analytics.on("error", (error) => {
  console.error(error);
  process.exitCode = 1;
});

const timestamp = new Date("2026-11-20T08:30:00.123Z");
analytics.identify({ userId: "ada", traits: { email: "ada@example.com", plan: "pro", logins: 3 } });
analytics.track({ userId: "ada", event: "Order Completed", properties: { orderId: "A-100", revenue: 39.95 }, timestamp });
analytics.page({ userId: "ada", category: "Docs", name: "Quick Start", properties: { url: "https://example.com/docs" } });
analytics.screen({ userId: "ada", name: "Home", properties: { tab: "feed" } });
analytics.group({ userId: "ada", groupId: "acme", traits: { name: "Acme", employees: 12 } });
analytics.alias({ userId: "ada", previousId: "anon-1" });
await analytics.closeAndFlush();
