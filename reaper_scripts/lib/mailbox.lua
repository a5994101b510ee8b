-- The folder that scripts and bridge share: one folder a job, request in, status and result out.

local files = require("lib.files")
local json = require("lib.json")
local messages = require("lib.messages")
local faults = require("lib.faults")

local mailbox = {}

local SECTION = "partimento"
local MAX_BYTES = 32 * 1024 * 1024

--- The mailbox's folder, or a path in it.
function mailbox.path(...) return files.join(reaper.GetResourcePath(), "Data", "partimento", ...) end

function mailbox.job_path(id, ...) return mailbox.path("jobs", id, ...) end

--- A name that no other job has: time, and four digits of a fresh GUID.
function mailbox.new_id()
  local chance = reaper.genGuid():gsub("[^%x]", ""):sub(1, 4):lower()
  return os.date("!%Y%m%d-%H%M%S-") .. chance
end

local function put(path, text)
  local ok, problem = files.write(path, text)
  if not ok then faults.raise(messages.pair("cannot_send", problem, mailbox.path())) end
end

--- Puts a request there and says that it is open.
function mailbox.send(request)
  local text = json.encode(request)
  if #text > MAX_BYTES then faults.raise(messages.pair("too_large", #text // 1048576)) end
  reaper.RecursiveCreateDirectory(mailbox.job_path(request.id), 0)
  put(mailbox.job_path(request.id, "request.json"), text)
  mailbox.open(request.id)
end

--- Says what needs no job (`control/1`).
function mailbox.control(verb, args)
  reaper.RecursiveCreateDirectory(mailbox.path("control"), 0)
  local text = json.encode({ schema = "control/1", verb = verb, args = args or {} })
  put(mailbox.path("control", mailbox.new_id() .. ".json"), text)
end

local function read_json(path)
  local text = files.read(path)
  if not text then return nil end
  return json.decode(text)
end

--- A job's request, status, result: a table, or nil and what is wrong (nil alone when it is not there).
function mailbox.request(id) return read_json(mailbox.job_path(id, "request.json")) end

function mailbox.status(id)
  local status = read_json(mailbox.job_path(id, "status.json"))
  return type(status) == "table" and status.state and status or nil
end

function mailbox.result(id) return read_json(mailbox.job_path(id, "result.json")) end

--- What the bridge says of itself, or nil.
function mailbox.bridge()
  local bridge = read_json(mailbox.path("bridge.json"))
  return type(bridge) == "table" and bridge or nil
end

--- Asks that a job be given up.
function mailbox.cancel(id) put(mailbox.job_path(id, "cancel"), "") end

--- Notes how a job ended on this side (`written`, `offered`, `refused`, `failed`), so that no restart brings it again.
function mailbox.settle(id, how)
  mailbox.close(id)
  files.write(mailbox.job_path(id, "settled"), how)
end

function mailbox.settled(id) return files.read(mailbox.job_path(id, "settled")) end

-- Which jobs are open is known to every script of this REAPER, and forgotten when it ends.

local function open_ids()
  local ids = {}
  for id in reaper.GetExtState(SECTION, "open"):gmatch("%S+") do ids[#ids + 1] = id end
  return ids
end

local function remember(ids) reaper.SetExtState(SECTION, "open", table.concat(ids, " "), false) end

--- Adds a job to those that the agent looks after.
function mailbox.open(id)
  local ids = open_ids()
  for _, known in ipairs(ids) do
    if known == id then return end
  end
  ids[#ids + 1] = id
  remember(ids)
end

--- Takes it off again.
function mailbox.close(id)
  local ids = {}
  for _, known in ipairs(open_ids()) do
    if known ~= id then ids[#ids + 1] = known end
  end
  remember(ids)
end

mailbox.open_jobs = open_ids

--- All jobs on the shelf, newest first.
function mailbox.history()
  local ids, index, folder = {}, 0, mailbox.path("jobs")
  reaper.EnumerateSubdirectories(folder, -1) -- forget what REAPER remembers of it
  while true do
    local name = reaper.EnumerateSubdirectories(folder, index)
    if not name then break end
    ids[#ids + 1], index = name, index + 1
  end
  table.sort(ids, function(a, b) return a > b end)
  return ids
end

return mailbox
