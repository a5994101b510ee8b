-- The checks of the self-test, in order; each works on what the ones before it left in the scratch project.

local action = require("lib.action")
local bridge = require("lib.bridge")
local events = require("lib.events")
local files = require("lib.files")
local mailbox = require("lib.mailbox")
local provenance = require("lib.provenance")
local read_items = require("lib.read_items")
local read_time = require("lib.read_time")
local takes = require("lib.takes")
local undo = require("lib.undo")

local NOTES = { { 0, 0, "\x90\x3C\x64" }, { 960, 0, "\x80\x3C\x00" } }
local HALF = events.pack(NOTES, 1920) -- ends two quarters into an item of four

local checks = {}

local function check(name, try) checks[#checks + 1] = { name = name, try = try } end

local function first_item(handle) return reaper.GetMediaItem(handle, 0) end

local function first_take(handle) return reaper.GetActiveTake(first_item(handle)) end

check("functions that are wanted are there", function()
  local lacking = {}
  for _, name in ipairs({ "set_action_options", "AddRemoveReaScript", "PCM_Source_CreateFromType" }) do
    if not reaper.APIExists(name) then lacking[#lacking + 1] = name end
  end
  return #lacking == 0, table.concat(lacking, ", ")
end)

check("files can be renamed into place under names of any script", function()
  reaper.RecursiveCreateDirectory(mailbox.path("self-test Größe 音"), 0)
  local path = mailbox.path("self-test Größe 音", "a.txt")
  local ok, problem = files.write(path, "one")
  ok = ok and files.write(path, "two") and files.read(path) == "two"
  os.remove(path)
  os.remove(mailbox.path("self-test Größe 音"))
  return ok == true, problem
end)

check("an item in quarter notes follows the tempo", function(handle)
  undo.point(handle, "Self-test item", function()
    reaper.InsertTrackAtIndex(0, false)
    local ready = { name = "Half", packed = HALF, hash = events.hash(NOTES) }
    local wish = { from_qn = 4.0, to_qn = 8.0, takes = { ready }, active = 0 }
    takes.item(handle, reaper.GetTrack(handle, 0), wish, "self-test")
  end)
  local from, to = read_items.span(handle, first_item(handle))
  return math.abs(from - 4) < 1e-6 and math.abs(to - 8) < 1e-6, ("%.6f to %.6f"):format(from, to)
end)

check("CC 123 sets the source's length, in quarter notes", function(handle)
  local length, in_qn = reaper.GetMediaSourceLength(reaper.GetMediaItemTake_Source(first_take(handle)))
  return in_qn and math.abs(length - 2) < 1e-6, ("%.6f %s"):format(length, in_qn and "quarters" or "seconds")
end)

check("events come back as they were written", function(handle)
  local _, packed = reaper.MIDI_GetAllEvts(first_take(handle))
  return packed == HALF, ("%d bytes for %d"):format(#packed, #HALF)
end)

check("AddTakeToMediaItem gives a take without a source", function(handle)
  local source
  undo.point(handle, "Self-test empty take", function()
    local take = reaper.AddTakeToMediaItem(first_item(handle))
    source = reaper.GetMediaItemTake_Source(take)
    takes.drop(first_item(handle), take)
  end)
  return source == nil
end)

check("a new take plays from a source of its own", function(handle)
  undo.point(handle, "Self-test take", function()
    takes.further(first_item(handle), { name = "Own", packed = HALF, hash = "" }, "self-test")
  end)
  local _, packed = reaper.MIDI_GetAllEvts(first_take(handle))
  local count = reaper.CountTakes(first_item(handle))
  return packed == HALF and count == 2, ("%d takes"):format(count)
end)

check("a take's ticks lie straight under offset and rate", function(handle)
  local take = first_take(handle)
  undo.point(handle, "Self-test rate", function()
    reaper.SetMediaItemTakeInfo_Value(take, "D_PLAYRATE", 2)
    reaper.SetMediaItemTakeInfo_Value(take, "D_STARTOFFS", 0.25)
  end)
  local lay = read_items.layout(first_item(handle), take)
  if not lay then return false, "not straight" end
  return lay.division == 960, ("offset %.6f quarters, rate %.3f"):format(lay.offset_qn, lay.rate)
end)

check("an item's chunk names its pool", function(handle)
  local pool = read_items.pool(first_item(handle))
  return pool ~= nil, pool or "no POOLEDEVTS"
end)

check("marks on items stay through undo and redo", function(handle)
  local before = provenance.job(first_item(handle))
  reaper.Undo_DoUndo2(handle)
  reaper.Undo_DoRedo2(handle)
  return before == "self-test" and provenance.job(first_item(handle)) == before, tostring(before)
end)

check("what fails in a block is taken back and leaves no undo point", function(handle)
  local tracks, label = reaper.CountTracks(handle), reaper.Undo_CanUndo2(handle)
  undo.block(handle, "Self-test failure", function()
    reaper.InsertTrackAtIndex(0, false)
    error("on purpose", 0)
  end)
  return reaper.CountTracks(handle) == tracks and reaper.Undo_CanUndo2(handle) == label, tostring(reaper.Undo_CanUndo2(handle))
end)

check("5,000 notes are written and read back in less than 150 ms", function(handle)
  local list = {}
  for i = 0, 4999 do
    list[#list + 1] = { i * 120, 0, string.char(0x90, 36 + i % 60, 100) }
    list[#list + 1] = { i * 120 + 119, 0, string.char(0x80, 36 + i % 60, 0) }
  end
  local length = 5000 * 120
  local packed = events.pack(list, length)
  local back, spent
  undo.point(handle, "Self-test 5,000 notes", function()
    local began = reaper.time_precise()
    local wish = { from_qn = 16.0, to_qn = 16.0 + length / 960, takes = { { name = "Many", packed = packed } }, active = 0 }
    local item = takes.item(handle, reaper.GetTrack(handle, 0), wish, "self-test")
    back = select(2, reaper.MIDI_GetAllEvts(reaper.GetActiveTake(item)))
    spent = (reaper.time_precise() - began) * 1000
  end)
  return back == packed and spent < 150, ("%.1f ms"):format(spent)
end)

check("regions and markers come back as they were written", function(handle)
  undo.point(handle, "Self-test signs", function()
    reaper.AddProjectMarker2(handle, true, 1.0, 3.0, "Größe", -1, 0)
    reaper.AddProjectMarker2(handle, false, 2.0, 0.0, "chord:Am7", -1, 0)
  end)
  local regions, markers = read_time.signs(handle)
  return #regions == 1 and #markers == 1 and regions[1].name == "Größe" and markers[1].name == "chord:Am7"
end)

check("an item stays on its bar when the tempo before it changes", function(handle)
  local item = first_item(handle)
  local before = read_items.span(handle, item)
  undo.point(handle, "Self-test faster", function()
    reaper.SetTempoTimeSigMarker(handle, -1, 0.0, -1, -1.0, 90.0, 4, 4, false)
  end)
  local after = read_items.span(handle, item)
  return math.abs(before - after) < 1e-6, ("%.6f, then %.6f"):format(before, after)
end)

check("a tempo counts quarter notes in any meter", function(handle)
  undo.point(handle, "Self-test tempo", function()
    reaper.SetTempoTimeSigMarker(handle, 0, 0.0, -1, -1.0, 120.0, 6, 8, false)
  end)
  local map = read_time.map(handle)
  local quarter = reaper.TimeMap2_QNToTime(handle, 1.0)
  local holds = math.abs(quarter * map.tempo[1].qpm - 60) < 1e-6 and map.meter[1].meter == "6/8"
  return holds, ("%.4f s a quarter at %.3f, meter %s"):format(quarter, map.tempo[1].qpm, map.meter[1].meter)
end)

check("the ruler tells its first bar", function()
  local shown = reaper.format_timestr_pos(0.0, "", 2)
  return shown:match("^%s*-?%d+%.%d+") ~= nil, shown
end)

check("an empty item keeps its words", function(handle)
  local item
  undo.point(handle, "Self-test words", function()
    local wish = { from_qn = 8.0, to_qn = 12.0, takes = { { name = "Am7" } }, active = 0 }
    item = takes.item(handle, reaper.GetTrack(handle, 0), wish, "self-test")
  end)
  return read_items.words(item) == "Am7", tostring(read_items.words(item))
end)

check("the state count moves with a change and not with looking", function(handle)
  local before = reaper.GetProjectStateChangeCount(handle)
  read_time.map(handle)
  local looked = reaper.GetProjectStateChangeCount(handle)
  undo.point(handle, "Self-test count", function() reaper.InsertTrackAtIndex(0, false) end)
  return looked == before and reaper.GetProjectStateChangeCount(handle) > before
end)

check("a stock synth can be had", function(handle)
  local fx = -1
  undo.point(handle, "Self-test synth", function()
    fx = reaper.TrackFX_AddByName(reaper.GetTrack(handle, 0), "ReaSynth", false, -1)
  end)
  return fx >= 0 and reaper.TrackFX_GetInstrument(reaper.GetTrack(handle, 0)) >= 0
end)

check("our own instruments load by their name", function(handle)
  local track = reaper.GetTrack(handle, 0)
  local names, missing = { "partimento_sketch", "partimento_drums" }, {}
  undo.point(handle, "Self-test instruments", function()
    for _, name in ipairs(names) do
      local fx = reaper.TrackFX_AddByName(track, ("JS:partimento/Sketch/%s.jsfx"):format(name), false, -1)
      if fx < 0 then missing[#missing + 1] = name end
    end
  end)
  if #missing == #names then return nil, "they are not installed" end
  return #missing == 0, table.concat(missing, ", ")
end)

check("the bridge answers", function()
  local said = bridge.alive()
  if not said then return nil, "it does not run" end
  return bridge.misfit(said) == nil, "version " .. tostring(said.version)
end)

check("the agent can be started as an action", function()
  local command = reaper.AddRemoveReaScript(true, 0, action.folder() .. "partimento_agent.lua", true)
  return command > 0, tostring(command)
end)

check("the bridge's command is known", function() return true, bridge.command() end)

return checks
