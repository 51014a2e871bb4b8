// Every call of @rudderstack/rudder-sdk-node, as its documentation shows them; only the host is ours.
import RudderAnalytics from "@rudderstack/rudder-sdk-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: host });

const timestamp = new Date("2026-11-20T08:30:00.123Z");
analytics.identify({ userId: "ada", traits: { email: "ada@example.com", plan: "pro", logins: 3 } });
analytics.track({ userId: "ada", event: "Order Completed", properties: { orderId: "A-100", revenue: 39.95 }, timestamp });
analytics.page({ userId: "ada", category: "Docs", name: "Quick Start", properties: { url: "https://example.com/docs" } });
analytics.screen({ userId: "ada", name: "Home", properties: { tab: "feed" } });
analytics.group({ userId: "ada", groupId: "acme", traits: { name: "Acme", employees: 12 } });
analytics.alias({ userId: "ada", previousId: "anon-1" });
await analytics.flush();
