-- The agent: runs as long as REAPER does, looks after open jobs a little in every tick, and writes what comes back.

local action = require("lib.action")
local bridge = require("lib.bridge")
local calm = require("lib.calm")
local faults = require("lib.faults")
local json = require("lib.json")
local live = require("lib.live")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local outcome = require("lib.outcome")
local project = require("lib.project")
local steps = require("lib.steps")
local transport = require("lib.transport")
local writer = require("lib.writer")

local agent = {}

local BEAT = 0.5 -- seconds between two signs of life
local SIGN = 5 -- seconds between two that the bridge is shown
local SHELF = 20 -- how many of the newest jobs are looked through when the agent starts

local jobs = {} -- what is known of each open job, by id
local found = {} -- ids of jobs that nobody has asked for since REAPER started: another REAPER's, or an earlier session's
local busy = false -- one result is written at a time
local unsaid = {} -- sentences that wait to be shown
local beaten, signed, looked = -math.huge, -math.huge, -math.huge
local stumbled -- what went wrong last

local function forget(id)
  mailbox.close(id)
  jobs[id] = nil
end

local function close(id, how)
  mailbox.settle(id, how)
  jobs[id] = nil
end

-- A window is shown when it disturbs no recording.
local function say(sentence, hint) unsaid[#unsaid + 1] = { sentence, hint } end

local function speak()
  if #unsaid == 0 or calm.is_recording(project.front()) then return end
  messages.show(table.unpack(table.remove(unsaid, 1), 1, 2))
end

local function fail(id, sentence, hint)
  close(id, "failed")
  say(sentence, hint)
end

-- A fault in its own words; a slip of ours with its traceback, but the agent goes on: other jobs need it.
local function give_up(id, problem)
  if faults.is(problem) then return fail(id, problem.message, problem.hint) end
  fail(id, messages.pair("not_written", tostring(problem)))
end

local function project_of(result)
  local expects = type(result) == "table" and json.given(result.expects) or {}
  return json.given(expects.project)
end

local function is_front(result)
  local id = project_of(result)
  return id == nil or project.is(project.front(), id)
end

local function written(id, handle, result, state)
  close(id, "written")
  if state.count > 0 then project.set(handle, "written.label", result.label) end
  outcome.keep(handle, result)
  messages.whisper(outcome.news(result, state))
end

-- A slip in looking after one job is told and ends that job alone.
local function walled(id, work, ...)
  local ok, problem = xpcall(work, debug.traceback, id, ...)
  if not ok then give_up(id, problem) end
end

local function write(id, job, same_tick)
  busy = true
  local handle, result = project.front(), job.result
  local function may_write() return project.front() == handle and calm.may_write(handle) end
  steps.run(function() return writer.write(id, handle, result, may_write) end, function(ok, state)
    busy = false
    if not ok then
      give_up(id, state)
    elseif state then
      written(id, handle, result, state)
    end
  end, same_tick)
end

local function offer(id, job)
  local wanted = messages.ask(("“%s” is ready for this project. Write it now?"):format(job.result.label or "A result"))
  job.agreed = wanted
  if wanted then return end
  close(id, "offered")
  messages.whisper("it stays in Show clips")
end

-- A result that came while its tab was in front is written; one that had to wait, or may be meant for a copy of this
-- project, is offered first.
local function bring(id, job, same_tick)
  if not is_front(job.result) then
    job.held = true
    return
  end
  local handle = project.front()
  if calm.is_recording(handle) or project.has_twin(project_of(job.result)) then job.held = true end
  if not calm.may_write(handle) then return end
  if job.held and mailbox.settled(id) then -- another REAPER has dealt with it
    forget(id)
  elseif job.held and not job.agreed then
    offer(id, job)
  else
    write(id, job, same_tick)
  end
end

local function show_progress(job, status)
  local doing = json.given(status.message) or ""
  local percent = math.floor((status.progress or 0) * 100)
  local line = ("%s %d %%"):format(doing ~= "" and doing or status.state, percent)
  if line ~= job.line then
    job.line = line
    messages.whisper(line)
  end
end

-- A long result is read over several ticks, too.
local function fetch(id, job)
  busy = true
  steps.run(function() return mailbox.result(id, steps.pausing()) end, function(ok, result, problem)
    busy = false
    if ok and type(result) == "table" then
      job.result = result
      walled(id, bring, job, true) -- the musician waits no tick longer than needed
    elseif ok then
      fail(id, messages.pair("damaged_result", id, problem or "result.json is missing"))
    else
      give_up(id, result)
    end
  end)
end

local function look_at(id, job)
  if job.result then return bring(id, job) end
  local status = mailbox.status(id)
  if not status then
    if not mailbox.is_there(id) then close(id, "failed") end -- someone has cleared the shelf
    return
  end
  if status.state == "done" then
    fetch(id, job)
  elseif status.state == "failed" then
    local problem = type(status.error) == "table" and status.error or status
    if problem.code == "E_VERSION" and not bridge.is_news(mailbox.bridge()) then return close(id, "failed") end
    fail(id, tostring(problem.message or "The job failed, and the bridge did not say why."), problem.hint)
  elseif status.state == "cancelled" then
    close(id, "cancelled")
    messages.whisper("cancelled")
  else
    show_progress(job, status)
  end
end

-- Such a job is none of ours until its result is there and its project is in front: no word of how it goes.
local function look_at_found(id, job)
  if job.result then return bring(id, job) end
  local status = mailbox.status(id)
  if status and status.state == "done" then
    fetch(id, job)
  elseif not status or status.state == "failed" or status.state == "cancelled" then
    forget(id)
  end
end

local function is_waiting()
  for _, id in ipairs(mailbox.open_jobs()) do
    if not (jobs[id] and jobs[id].result) then return true end
  end
  return false
end

-- What the bridge answered to control messages: only what went wrong is said.
local function hear_answers()
  local asked, said = mailbox.asked(), mailbox.bridge()
  if #asked == 0 or not said or type(said.answers) ~= "table" then return end
  local answers = {}
  for _, answer in ipairs(said.answers) do
    if type(answer) == "table" and answer.id then answers[answer.id] = answer end
  end
  for _, id in ipairs(asked) do
    local answer = answers[id]
    if answer then mailbox.answered(id) end
    local problem = answer and answer.error
    if type(problem) == "table" then
      if answer.verb == "live-start" then live.was_refused() end
      say(tostring(problem.message), problem.hint)
    end
  end
end

local function look_over(ids, look)
  for _, id in ipairs(ids) do
    if busy then return end
    walled(id, look, jobs[id])
  end
end

local function still_found()
  local left = {}
  for _, id in ipairs(found) do
    if jobs[id] then left[#left + 1] = id end
  end
  return left
end

local function look_after(now)
  local open = mailbox.open_jobs()
  for _, id in ipairs(open) do jobs[id] = jobs[id] or {} end
  if next(jobs) then calm.watch() end
  look_over(open, look_at)
  if now - looked >= BEAT then
    looked = now
    found = still_found()
    look_over(found, look_at_found)
    local sentence, hint = bridge.look(now, is_waiting())
    if sentence then say(sentence, hint) end
    hear_answers()
    if live.is_on() then transport.tell(project.front(), bridge.alive()) end
  end
end

-- Jobs whose result nobody has taken.
local function remember()
  for place, id in ipairs(mailbox.history()) do
    if place > SHELF then return end
    if not jobs[id] and not mailbox.settled(id) and mailbox.status(id) then
      jobs[id] = { held = true }
      found[#found + 1] = id
    end
    steps.wait()
  end
end

-- Whatever goes wrong in one tick, the agent goes on: open jobs need it. The same is said once.
local function stumble(problem)
  local pair = faults.is(problem) and { problem.message, problem.hint } or { messages.pair("slip", tostring(problem)) }
  if pair[1] ~= stumbled then say(table.unpack(pair)) end
  stumbled = pair[1]
end

local function turn()
  local now = reaper.time_precise()
  if now - beaten >= BEAT then
    beaten = now
    action.beat(now)
  end
  if now - signed >= SIGN then
    signed = now
    if bridge.alive() then mailbox.beat() end
  end
  local ok, problem = xpcall(look_after, debug.traceback, now)
  if not ok then stumble(problem) end
  speak()
  reaper.defer(turn)
end

--- Starts the agent in this script.
function agent.run()
  action.restart_when_run_again()
  action.beat(reaper.time_precise())
  reaper.atexit(function() reaper.DeleteExtState("partimento", "agent", false) end)
  turn()
  steps.run(remember, function() end) -- what cannot be read of the past is past
end

return agent
