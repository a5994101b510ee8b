-- The clips of finished jobs, newest first: what the panel shows and what can be dragged or inserted.

local files = require("lib.files")
local json = require("lib.json")
local mailbox = require("lib.mailbox")
local steps = require("lib.steps")

local clip_list = {}

local function clips_of(id, label)
  local found, index, folder = {}, 0, mailbox.job_path(id, "clips")
  reaper.EnumerateFiles(folder, -1) -- forget what REAPER remembers of it
  while true do
    local name = reaper.EnumerateFiles(folder, index)
    if not name then return found end
    if name:lower():match("%.mid$") then
      found[#found + 1] = { job = id, file = "clips/" .. name, name = name:sub(1, -5), label = label }
    end
    index = index + 1
  end
end

--- Up to `most` clips as `{job, file, name, label}`.
function clip_list.read(most)
  local list = {}
  for _, id in ipairs(mailbox.history()) do
    local result = mailbox.result(id, steps.breathe)
    local label = type(result) == "table" and json.given(result.label) or id
    for _, clip in ipairs(type(result) == "table" and clips_of(id, label) or {}) do
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
function clip_list.choose(clip) reaper.SetExtState("partimento", "clip", clip.job .. " " .. clip.file, false) end

function clip_list.chosen()
  local job, file = reaper.GetExtState("partimento", "clip"):match("^(%S+) (.+)$")
  if not job or not files.exists(mailbox.job_path(job, file)) then return nil end
  return { job = job, file = file, name = file:match("([^/]+)%.mid$") or file }
end

return clip_list
