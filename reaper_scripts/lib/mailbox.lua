-- The folder that scripts and bridge share: one folder a job, request in, status and result out.

local files = require("lib.files")
local json = require("lib.json")
local messages = require("lib.messages")
local faults = require("lib.faults")
local VERSION = require("lib.version")

local mailbox = {}

local SECTION = "partimento"
local MAX_BYTES = 32 * 1024 * 1024
local WRITING = 0.004 -- seconds in which a large request reaches the disk

--- The mailbox's folder, or a path in it.
function mailbox.path(...) return files.join(reaper.GetResourcePath(), "Data", "partimento", ...) end

function mailbox.job_path(id, ...) return mailbox.path("jobs", id, ...) end

--- A name that no other job has: time, and twelve digits of a fresh GUID. Four would meet now and then in a busy second.
function mailbox.new_id()
  local chance = reaper.genGuid():gsub("[^%x]", ""):sub(1, 12):lower()
  return os.date("!%Y%m%d-%H%M%S-") .. chance
end

-- Lists of ids that every script of this REAPER knows, forgotten when it ends: `open` jobs, `asked` control messages.

local function listed(key)
  local ids = {}
  for id in reaper.GetExtState(SECTION, key):gmatch("%S+") do ids[#ids + 1] = id end
  return ids
end

local function take_from(key, id)
  local ids = {}
  for _, known in ipairs(listed(key)) do
    if known ~= id then ids[#ids + 1] = known end
  end
  reaper.SetExtState(SECTION, key, table.concat(ids, " "), false)
end

local function add_to(key, id)
  take_from(key, id)
  reaper.SetExtState(SECTION, key, (reaper.GetExtState(SECTION, key) .. " " .. id):match("^%s*(.*)$"), false)
end

local function put(path, text)
  local ok, problem = files.write(path, text)
  if not ok then faults.raise(messages.pair("cannot_send", problem, mailbox.path())) end
end

--- Puts a request there and says that it is open. For *Again*, `anew` is noted for when its result comes: the stretches
--- that alone are to be played anew, none for everything. `pause` is called now and then.
function mailbox.send(request, anew, pause)
  local text = json.encode(request, pause)
  if #text > MAX_BYTES then faults.raise(messages.pair("too_large", #text // 1048576)) end
  pause(WRITING)
  reaper.RecursiveCreateDirectory(mailbox.job_path(request.id), 0)
  if anew then put(mailbox.job_path(request.id, "again"), json.encode(json.array(anew))) end
  put(mailbox.job_path(request.id, "request.json"), text)
  mailbox.open(request.id)
end

--- Says what needs no job (`control/1`); the bridge's answer is waited for unless nobody wants one.
function mailbox.control(verb, args, no_answer)
  reaper.RecursiveCreateDirectory(mailbox.path("control"), 0)
  local id = mailbox.new_id()
  local text = json.encode({ schema = "control/1", verb = verb, args = args or {} })
  put(mailbox.path("control", id .. ".json"), text)
  if not no_answer then add_to("asked", id) end
end

--- Tells the bridge that REAPER is there. Where it cannot be written it is not: the bridge would leave, and be started again.
function mailbox.beat()
  files.write(mailbox.path("reaper.json"), json.encode({ schema = "reaper/1", scripts = VERSION, beat = os.time() }))
end

local function read_json(path, pause)
  local text = files.read(path)
  if not text then return nil end
  return json.decode(text, pause)
end

--- How a job is doing, or nil where that cannot be read.
function mailbox.status(id)
  local status = read_json(mailbox.job_path(id, "status.json"))
  return type(status) == "table" and type(status.state) == "string" and status or nil
end

--- A job's result: a table, or nil and what is wrong (nil alone when it is not there).
function mailbox.result(id, pause) return read_json(mailbox.job_path(id, "result.json"), pause) end

--- What the bridge says of itself, or nil.
function mailbox.bridge()
  local bridge = read_json(mailbox.path("bridge.json"))
  return type(bridge) == "table" and bridge or nil
end

--- Whether a job is on the shelf at all.
function mailbox.is_there(id) return files.exists(mailbox.job_path(id, "request.json")) end

--- Asks that a job be given up.
function mailbox.cancel(id) put(mailbox.job_path(id, "cancel"), "") end

--- Notes how a job ended on this side (`written`, `offered`, `refused`, `failed`), so that no restart brings it again.
function mailbox.settle(id, how)
  mailbox.close(id)
  files.write(mailbox.job_path(id, "settled"), how)
end

--- Opens a job again that was settled, so that the agent writes its result.
function mailbox.reopen(id)
  os.remove(mailbox.job_path(id, "settled"))
  mailbox.open(id)
end

--- What was noted for *Again*, or nil for a job that was asked for anew.
function mailbox.again(id)
  local anew = read_json(mailbox.job_path(id, "again"))
  return type(anew) == "table" and anew or nil
end

function mailbox.settled(id) return files.read(mailbox.job_path(id, "settled")) end

--- Adds a job to those that the agent looks after, or takes it off again.
function mailbox.open(id) add_to("open", id) end

function mailbox.close(id) take_from("open", id) end

function mailbox.open_jobs() return listed("open") end

--- Control messages whose answer has not come, and one that has.
function mailbox.asked() return listed("asked") end

function mailbox.answered(id) take_from("asked", id) end

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
