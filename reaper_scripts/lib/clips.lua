-- A result's clips, read and made ready before anything is written: what is damaged is found while the project is still whole.

local events = require("lib.events")
local faults = require("lib.faults")
local files = require("lib.files")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local smf = require("lib.smf")

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

--- The events of a clip, sorted, in ticks of 960, and its length. `pause`, here and below, is called now and then.
function clips.events(job, name, pause)
  local data = files.read(path_of(job, name))
  if not data then clips.damaged(job, name .. " is missing") end
  local list, length = smf.read(data, pause)
  if not list then clips.damaged(job, name .. ": " .. length) end
  return events.sort(list, pause), length
end

--- Length in ticks between two positions.
function clips.length(from_qn, to_qn) return math.floor((to_qn - from_qn) * clips.TICKS + 0.5) end

--- A take made ready of sorted events, as long as its item: its name, packed events, hash and provenance.
function clips.made(name, list, length, provenance, pause)
  list = events.cut(list, length, pause)
  return {
    name = name,
    packed = events.pack(list, length, pause),
    hash = events.hash(list, pause),
    provenance = provenance,
  }
end

--- A take of a result made ready. Without a file it is a name alone.
function clips.take(job, wish, length, pause)
  if not wish.file then return { name = wish.name or "", provenance = wish.provenance } end
  local made = clips.made(wish.name or "", (clips.events(job, wish.file, pause)), length, wish.provenance, pause)
  made.file = wish.file
  return made
end

return clips
