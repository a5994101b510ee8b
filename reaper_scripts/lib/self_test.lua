-- Self-test: what these scripts take for granted about REAPER, tried in a project tab of its own, with a report.

local action = require("lib.action")
local checks = require("lib.self_test_checks")
local files = require("lib.files")
local machine = require("lib.machine")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local project = require("lib.project")
local steps = require("lib.steps")

local self_test = {}

local NEW_TAB = 41929 -- New project tab (ignore default template)
local TICKS = 60

local function tick_rate()
  local began = reaper.time_precise()
  for _ = 1, TICKS do steps.wait() end
  return TICKS / (reaper.time_precise() - began)
end

local function tried(check, handle)
  local ok, holds, detail = pcall(check.try, handle)
  if not ok then holds, detail = false, tostring(holds) end
  local mark = holds and "ok  " or holds == nil and "skip" or "FAIL" -- nil: it cannot be tried here
  return ("%s %s%s"):format(mark, check.name, detail and detail ~= "" and ": " .. detail or "")
end

local function report(lines)
  local text = table.concat(lines, "\n") .. "\n"
  reaper.RecursiveCreateDirectory(mailbox.path(), 0)
  local path = mailbox.path("self-test.txt")
  local ok, problem = files.write(path, text)
  messages.page(text .. (ok and "\nThis report lies in " .. path or "\nIt could not be written: " .. tostring(problem)) .. "\n")
end

function self_test.run()
  action.run(function()
    if not messages.ask("The self-test opens a project tab of its own and takes five seconds. Begin?") then return end
    reaper.Main_OnCommand(NEW_TAB, 0)
    local handle = project.front()
    if reaper.CountTracks(handle) > 0 then error("the new project tab is not empty", 0) end
    local lines = {
      "partimento: self-test",
      machine.words(),
      ("     ticks a second: %.1f"):format(tick_rate()),
    }
    for _, check in ipairs(checks) do
      lines[#lines + 1] = tried(check, handle)
      steps.wait()
    end
    lines[#lines + 1] = "Close the tab without saving it."
    report(lines)
  end)
end

return self_test
