-- A hundred track events a request, some 80 KB; every event has an id of its own.
local head_format = "POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" ..
  "User-Agent: analytics-python/2.4\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n"
local event_format = '-%d","type":"track","userId":"user-%d","event":"Product Viewed",' ..
  '"timestamp":"2026-11-23T10:00:00.000Z","properties":{"product_id":"p%d","sku":"SKU-%d","name":"A fine thing",' ..
  '"price":19.95,"quantity":%d,"currency":"EUR","category":"Games","description":"%s"},"context":{"ip":"24.5.68.47",' ..
  '"locale":"en-GB","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",' ..
  '"library":{"name":"analytics-python","version":"2.4.0"},"page":{"path":"/shop/%d","title":"Shop",' ..
  '"url":"https://shop.example.com/shop/%d","referrer":"https://www.example.com/"}},"integrations":{"All":true},' ..
  '"anonymousId":"2c5fce0e-21b1-4a0a-9ee4-6a8b2b2e6b%02d"}'
local number, prefix, authorization = 0, "", ""
local parts = {}

function init(args)
  authorization, prefix = args[1], args[2]
  for item = 1, 100 do
    parts[2 * item - 1] = ""
    parts[2 * item] = string.format(event_format, item, item * 7919 % 100000, item, item, item % 5,
      string.rep("word" .. item .. " ", 12), item, item, item % 100)
  end
end

function request()
  number = number + 1
  local first = '{"messageId":"' .. prefix .. string.format("-%08d", number)
  local following = "," .. first
  for item = 1, 100 do
    parts[2 * item - 1] = item == 1 and first or following
  end
  local body = '{"batch":[' .. table.concat(parts) .. '],"sentAt":"2026-11-23T10:00:00.000Z"}'
  return string.format(head_format, authorization, #body) .. body
end

function done(summary)
  io.write(string.format("RESULT %d %d %d\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
