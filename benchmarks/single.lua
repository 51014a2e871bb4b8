-- One track event of some 500 bytes a request; every event has an id of its own, users come again.
local request_format = "POST /v1/track HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" ..
  "User-Agent: analytics-python/2.4\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n%s"
local event_format = '{"userId":"user-%d","event":"Order Completed","messageId":"%s-%08d",' ..
  '"timestamp":"2026-11-23T10:00:00.000Z","properties":{"orderId":"o-%d","revenue":39.95,"currency":"EUR",' ..
  '"shippingMethod":"2-day","quantity":%d,"coupon":"%s"},"context":{"ip":"24.5.68.47","locale":"en-GB",' ..
  '"library":{"name":"analytics-python","version":"2.4.0"},"page":{"path":"/checkout","title":"Checkout",' ..
  '"url":"https://shop.example.com/checkout","referrer":"https://www.example.com/"}},"integrations":{"All":true}}'
local coupons = {"", "SPRING", "WELCOME-10", "A-RATHER-LONG-COUPON-CODE"}
local number, prefix, authorization = 0, "", ""

function init(args)
  authorization, prefix = args[1], args[2]
end

function request()
  number = number + 1
  local body = string.format(event_format, number * 7919 % 100000, prefix, number, number, number % 9,
    coupons[number % 4 + 1])
  return string.format(request_format, authorization, #body, body)
end

function done(summary)
  io.write(string.format("RESULT %d %d %d\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
