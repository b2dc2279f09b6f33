-- For wrk: asks for one record after another. Each line of the file that is named has an address and a cookie.
local requests = {}
local last = 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local address, cookie = line:match('^(%S+) (%S+)$')
    requests[#requests + 1] = wrk.format('GET', address, { Cookie = cookie, Host = wrk.host .. ':' .. wrk.port })
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"failed":%d,"p50":%d,"p99":%d}\n', summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(50),
    latency:percentile(99)))
end
