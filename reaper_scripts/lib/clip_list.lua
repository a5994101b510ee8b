-- The clips of finished jobs, newest first: what the panel shows and what can be dragged or inserted.

local files = require("lib.files")
local json = require("lib.json")
local mailbox = require("lib.mailbox")
local steps = require("lib.steps")

local clip_list = {}

local given = json.given

local function listed(value) return type(given(value)) == "table" and value or {} end

-- What a result says of its clips, by file: the take's name, its track's role, and its place in the list. Equal names, of
-- phrases that return, are counted.
local function said_of(result)
  local said, roles, times, place = {}, {}, {}, 0
  local function note(one, role)
    if type(one) ~= "table" or type(given(one.file)) ~= "string" then return end
    place = place + 1
    local name = given(one.name)
    if name then times[name] = (times[name] or 0) + 1 end
    if name and times[name] > 1 then name = ("%s (%d)"):format(name, times[name]) end
    said[one.file] = { name = name, role = role, place = place }
  end
  for _, wish in ipairs(listed(result.writes)) do
    if type(wish) == "table" then
      if wish.op == "track" and given(wish.key) then roles[wish.key] = given(wish.role) end
      for _, take in ipairs(listed(wish.takes)) do note(take, roles[given(wish.track)]) end
      note(wish)
    end
  end
  return said
end

local function clips_of(id, result)
  local said, label = said_of(result), given(result.label) or id
  local found, index, folder = {}, 0, mailbox.job_path(id, "clips")
  reaper.EnumerateFiles(folder, -1) -- forget what REAPER remembers of it
  while true do
    local name = reaper.EnumerateFiles(folder, index)
    if not name then break end
    if name:lower():match("%.mid$") then
      local file = "clips/" .. name
      local about = said[file] or { place = math.huge }
      local clip = { job = id, file = file, name = about.name or name:sub(1, -5), role = about.role, label = label }
      clip.place = about.place
      found[#found + 1] = clip
    end
    index = index + 1
  end
  table.sort(found, function(a, b)
    if a.place ~= b.place then return a.place < b.place end
    return a.file < b.file
  end)
  return found
end

local function clips_in(id)
  local result = mailbox.result(id, steps.pausing())
  return type(result) == "table" and clips_of(id, result) or {}
end

--- Up to `most` clips as `{job, file, name, role, label}`.
function clip_list.read(most)
  local list = {}
  for _, id in ipairs(mailbox.history()) do
    for _, clip in ipairs(clips_in(id)) do
      list[#list + 1] = clip
      if #list >= most then return list end
    end
    steps.breathe()
  end
  return list
end

--- Where a clip's file lies.
function clip_list.path(clip) return mailbox.job_path(clip.job, clip.file) end

--- The clip that was chosen last, known to every script of this REAPER.
function clip_list.choose(clip) reaper.SetExtState("partimento", "clip", clip.job .. "\t" .. clip.file, false) end

function clip_list.chosen()
  local job, file = reaper.GetExtState("partimento", "clip"):match("^([^\t]+)\t(.+)$")
  if not job or not files.exists(mailbox.job_path(job, file)) then return nil end
  for _, clip in ipairs(clips_in(job)) do
    if clip.file == file then return clip end
  end
end

return clip_list
