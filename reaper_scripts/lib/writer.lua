-- A result brought into the project: all of it under one undo point, or nothing.

local again = require("lib.again")
local bars = require("lib.bars")
local clips = require("lib.clips")
local faults = require("lib.faults")
local json = require("lib.json")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local read_time = require("lib.read_time")
local steps = require("lib.steps")
local targets = require("lib.targets")
local undo = require("lib.undo")
local writes = require("lib.writes")

local writer = {}

local ATTEMPTS = 20
local WRITING = 0.006 -- seconds that a large result takes inside the undo block
local Changed = {}

local function checked(job, result)
  if type(result) ~= "table" or result.schema ~= "result/1" or result.id ~= job then clips.damaged(job, "it is no result/1") end
  if type(result.label) ~= "string" or type(result.writes) ~= "table" then clips.damaged(job, "it has no writes") end
  return result
end

-- The tracks of a result that will play something, and so need an instrument.
local function sounding(list)
  local keys = {}
  for _, wish in ipairs(list) do
    if wish.op == "item" and type(wish.takes) == "table" then
      for _, take in ipairs(wish.takes) do
        if json.given(take.file) and json.given(wish.track) then keys[wish.track] = true end
      end
    end
  end
  return keys
end

local function make_ready(state, result)
  local works = {}
  for _, wish in ipairs(result.writes) do
    local kind = writes[type(wish) == "table" and wish.op or ""]
    if type(kind) ~= "table" or not kind.ready then clips.damaged(state.job, "it asks for something unknown") end
    local work = kind.ready(state, wish) -- nil: nothing is to be done
    if work then works[#works + 1] = { kind = kind, work = work } end
    state.pause()
  end
  return works
end

local function all_there(state, result)
  local expects = json.given(result.expects) or {}
  for _, guid in ipairs(json.given(expects.targets) or {}) do
    if not state.found.tracks[guid] and not state.found.items[guid] then
      faults.raise(messages.pair("target_gone", "a track or item"))
    end
  end
end

-- For *Again*: which wished tracks and items stand there already.
local function find_seats(state, result)
  state.seats = { tracks = {}, items = {} }
  state.anew = mailbox.again(state.job)
  if not state.anew then return end
  local wishes = {}
  for _, wish in ipairs(result.writes) do
    if wish.op == "track" then wishes[wish.key] = {} end
    if wish.op == "item" and wishes[wish.track] then table.insert(wishes[wish.track], wish) end
  end
  for _, wish in ipairs(result.writes) do
    if wish.op == "track" then
      local track, items = again.seat(state.handle, wish, wishes[wish.key], state.pause)
      state.seats.tracks[wish] = track
      for one, guid in pairs(items or {}) do state.seats.items[one] = guid end
    end
  end
end

local function prepare(job, handle, result)
  local before = reaper.GetProjectStateChangeCount(handle)
  local function check()
    if not reaper.ValidatePtr2(handle, handle, "ReaProject*") then error(Changed, 0) end
    if reaper.GetProjectStateChangeCount(handle) ~= before then error(Changed, 0) end
  end
  local pause = steps.pausing(check)
  local state = { job = job, handle = handle, pause = pause, keys = {}, tracks = {}, silent = {}, leftovers = {} }
  state.adopted = 0
  state.found = targets.gather(handle, pause)
  all_there(state, result)
  state.ruler = bars.ruler(read_time.map(handle, pause).meter)
  state.sounding = sounding(result.writes)
  find_seats(state, result)
  local works = make_ready(state, result)
  steps.breathe(nil, WRITING)
  check()
  return state, works
end

local function commit(state, works, label)
  local ok, problem = undo.block(state.handle, label, function()
    for _, one in ipairs(works) do one.kind.commit(state, one.work) end
  end)
  if not ok then
    if faults.is(problem) then error(problem, 0) end
    faults.raise(messages.pair("not_written", tostring(problem)))
  end
  for _, source in ipairs(state.leftovers) do reaper.PCM_Source_Destroy(source) end
  reaper.TrackList_AdjustWindows(false)
  if state.tempo_changed then reaper.UpdateTimeline() end
end

--- Writes a job's result into the project. Prepared over ticks, written in one; `may_write` is asked just before.
--- Returns what a musician may want to hear of it (`silent` tracks, how many items were `adopted`), or nil for not now.
function writer.write(job, handle, result, may_write)
  checked(job, result)
  for _ = 1, ATTEMPTS do
    local ok, state, works = pcall(prepare, job, handle, result)
    if ok and not may_write() then return nil end
    if ok then
      if #works > 0 then commit(state, works, result.label) end
      state.count = #works
      return state
    end
    if state ~= Changed then error(state, 0) end
    if not reaper.ValidatePtr2(handle, handle, "ReaProject*") then return nil end
    steps.wait()
  end
  faults.raise(messages.pair("keeps_changing"))
end

return writer
