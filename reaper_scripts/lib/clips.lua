-- A result's clips, read and made ready before anything is written: what is damaged is found while the project is still whole.

local events = require("lib.events")
local faults = require("lib.faults")
local files = require("lib.files")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local smf = require("lib.smf")
local steps = require("lib.steps")

local clips = {}

clips.TICKS = 960 -- a quarter of everything we write

--- Ends with a fault that names the job.
function clips.damaged(job, what) faults.raise(messages.pair("damaged_result", job, what)) end

-- A file's name inside the job's folder; nothing in it can lead elsewhere.
local function path_of(job, name)
  if type(name) ~= "string" or name:find("..", 1, true) or name:find("[\\:%c]") or name:sub(1, 1) == "/" then
    clips.damaged(job, "it names a file outside its folder")
  end
  return mailbox.job_path(job, name)
end

--- The events of a clip, sorted, in ticks of 960.
function clips.events(job, name)
  local data = files.read(path_of(job, name))
  if not data then clips.damaged(job, name .. " is missing") end
  local list, problem = smf.read(data)
  if not list then clips.damaged(job, name .. ": " .. problem) end
  steps.breathe()
  return events.sort(list)
end

--- Length in ticks between two positions.
function clips.length(from_qn, to_qn) return math.floor((to_qn - from_qn) * clips.TICKS + 0.5) end

--- A take made ready: its name, packed events, hash and provenance. Without a file it is a name alone.
function clips.take(job, wish, length)
  local take = { name = wish.name or "", provenance = wish.provenance }
  if not wish.file then return take end
  local list = clips.events(job, wish.file)
  take.packed, take.hash = events.pack(list, length), events.hash(list)
  steps.breathe()
  return take
end

return clips
