"""Segment's SDK for the browser, served from here."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

# The loader keeps every call until the bundle has come. `_cdn` says where the bundle finds its settings and its
# chunks: it would only recognise an https address in the script's own.
_PASTE = """
<script>
  (function () {
    var analytics = (window.analytics = window.analytics || []);
    if (analytics.initialize || analytics.invoked) return;
    analytics.invoked = true;
    analytics.methods = [
      "trackSubmit", "trackClick", "trackLink", "trackForm", "pageview", "identify", "reset", "group", "track",
      "ready", "alias", "debug", "page", "screen", "once", "off", "on", "addSourceMiddleware",
      "addIntegrationMiddleware", "setAnonymousId", "addDestinationMiddleware", "register"
    ];
    analytics.factory = function (method) {
      return function () {
        if (window.analytics.initialized) return window.analytics[method].apply(window.analytics, arguments);
        var call = Array.prototype.slice.call(arguments);
        if (["track", "screen", "alias", "group", "page", "identify"].indexOf(method) > -1) {
          var canonical = document.querySelector("link[rel='canonical']");
          call.push({
            __t: "bpc", c: (canonical && canonical.getAttribute("href")) || undefined, p: location.pathname,
            u: location.href, s: location.search, t: document.title, r: document.referrer
          });
        }
        call.unshift(method);
        analytics.push(call);
        return analytics;
      };
    };
    analytics.methods.forEach(function (method) { analytics[method] = analytics.factory(method); });
    analytics.load = function (key, options) {
      var script = document.createElement("script");
      script.async = true;
      script.setAttribute("data-global-segment-analytics-key", "analytics");
      script.src = "<<BASE>>/analytics.js/v1/" + key + "/analytics.min.js";
      var first = document.getElementsByTagName("script")[0];
      first.parentNode.insertBefore(script, first);
      analytics._loadOptions = options;
    };
    analytics._writeKey = "<<WRITE_KEY>>";
    analytics._cdn = "<<BASE>>";
    analytics.SNIPPET_VERSION = "5.2.0";
    analytics.load("<<WRITE_KEY>>", {
      integrations: { "Segment.io": { apiHost: "<<AUTHORITY>>/v1", protocol: "<<SCHEME>>" } }
    });
    analytics.page();
  })();
</script>
"""

_CALLS = """
analytics.identify("user-1", { email: "ada@example.com", plan: "pro" });
analytics.track("Order Completed", { order_id: "A-100", revenue: 39.95 });
"""

_NPM = """
import { AnalyticsBrowser } from '@segment/analytics-next'

export const analytics = AnalyticsBrowser.load(
  { writeKey: '<<WRITE_KEY>>', cdnURL: '<<BASE>>' },
  { integrations: { 'Segment.io': { apiHost: '<<AUTHORITY>>/v1', protocol: '<<SCHEME>>' } } },
)

analytics.track('Order Completed', { orderId: 'A-100', revenue: 39.95 })
"""


class JavaScript(SourceKind, slug="javascript", name="JavaScript", categories=("Website",)):
    """Send events from a website, with Segment's browser SDK.

    Paste the snippet into the `<head>` of every page. It loads Segment's own bundle from *this* server, so that
    no visitor's browser talks to anyone else, and records a page view at once.
    """

    is_public = True

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """The snippet for a page, calls, and the npm package."""
        return [
            Snippet("Paste into the <head> of your pages", "html", filled(_PASTE, place)),
            Snippet("Then call", "javascript", filled(_CALLS, place)),
            Snippet("Or with npm install @segment/analytics-next", "javascript", filled(_NPM, place)),
        ]
