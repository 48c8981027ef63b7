-- Has wrk ask for the pages of a list by turns. Each line of the list has an address and, after a
-- tabulator, the cookies of whoever asks.

local requests = {}
local last = 0

-- Requests are made before the load: to make one costs wrk more than to send it.
function init(args)
  for line in io.lines(args[1]) do
    local path, cookies = line:match("^(%S+)\t(.*)$")
    wrk.headers["Cookie"] = cookies ~= "" and cookies or nil
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
