-- The clips of finished jobs, newest first: what the panel shows and what can be dragged or inserted.

local files = require("lib.files")
local json = require("lib.json")
local mailbox = require("lib.mailbox")
local steps = require("lib.steps")

local clip_list = {}

-- What a result calls its clips, in its own order: `{name, place}` by file. Equal names, of phrases that return, are counted.
local function titles_of(result)
  local titles, times, count = {}, {}, 0
  local function note(take)
    if not json.given(take.file) or titles[take.file] then return end
    count = count + 1
    local name = json.given(take.name) or take.file
    times[name] = (times[name] or 0) + 1
    if times[name] > 1 then name = ("%s (%d)"):format(name, times[name]) end
    titles[take.file] = { name = name, place = count }
  end
  for _, write in ipairs(json.given(result.writes) or {}) do
    note(write)
    for _, take in ipairs(json.given(write.takes) or {}) do note(take) end
  end
  return titles
end

local function clips_of(id, result)
  local found, index, folder = {}, 0, mailbox.job_path(id, "clips")
  local titles, label = titles_of(result), json.given(result.label) or id
  reaper.EnumerateFiles(folder, -1) -- forget what REAPER remembers of it
  while true do
    local name = reaper.EnumerateFiles(folder, index)
    if not name then break end
    local file = "clips/" .. name
    local title = titles[file] or { name = name:sub(1, -5), place = math.huge }
    if name:lower():match("%.mid$") then
      found[#found + 1] = { job = id, file = file, name = title.name, label = label, place = title.place }
    end
    index = index + 1
  end
  table.sort(found, function(a, b) return a.place < b.place or a.place == b.place and a.file < b.file end)
  return found
end

--- Up to `most` clips as `{job, file, name, label, place}`.
function clip_list.read(most)
  local list = {}
  for _, id in ipairs(mailbox.history()) do
    local result = mailbox.result(id, steps.breathe)
    for _, clip in ipairs(type(result) == "table" and clips_of(id, result) or {}) do
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
function clip_list.choose(clip)
  reaper.SetExtState("partimento", "clip", table.concat({ clip.job, clip.file, clip.name }, "\t"), false)
end

function clip_list.chosen()
  local job, file, name = reaper.GetExtState("partimento", "clip"):match("^([^\t]+)\t([^\t]+)\t(.*)$")
  if not job or not files.exists(mailbox.job_path(job, file)) then return nil end
  return { job = job, file = file, name = name }
end

return clip_list
