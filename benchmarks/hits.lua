-- Opens or clicks: one path after the other of a file, as eight browsers ask.
-- Arguments: the file; how many milliseconds a connection waits before each request, 0 for flat out; and 1 where a proxy
-- is to say that each comes from an address of its own.
local request_format = "GET %s HTTP/1.1\r\nHost: mail.example.com\r\nConnection: keep-alive\r\n" ..
  "%sUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 " ..
  "(KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36\r\nAccept: text/html,application/xhtml+xml,image/avif," ..
  "image/webp,image/*,*/*;q=0.8\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n" ..
  "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.9\r\n\r\n"
local forwarded_format = "X-Forwarded-For: 10.%d.%d.7\r\n"  -- each from a network of its own: many from one are a machine
local paths, number, pause, from_many = {}, 0, 0, false

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  pause = tonumber(args[2])
  from_many = args[3] == "1"
  math.randomseed(7)
  if pause == 0 then delay = nil end
end

function delay()
  return math.random(pause * 2)  -- spread, so that the connections do not come in step
end

function request()
  number = number + 1
  local forwarded = ""
  if from_many then
    forwarded = string.format(forwarded_format, number / 256 % 256, number % 256)
  end
  return string.format(request_format, paths[(number - 1) % #paths + 1], forwarded, 124 + number % 8)
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
