-- Edit chords…: the Chords track as one line of text, and back.

local action = require("lib.action")
local bars = require("lib.bars")
local chord_text = require("lib.chord_text")
local chooser = require("lib.chooser")
local faults = require("lib.faults")
local messages = require("lib.messages")
local project = require("lib.project")
local read_items = require("lib.read_items")
local read_time = require("lib.read_time")
local undo = require("lib.undo")

local chords = {}

local NAME = "Chords"
local SHOWN = 32 -- bars that are shown for editing when no time is selected
local NEAR = 1e-6

local function chord_track(handle)
  for i = 0, reaper.CountTracks(handle) - 1 do
    local track = reaper.GetTrack(handle, i)
    if read_items.is_chord_track(track) then return track end
  end
end

-- The chord items of a track: `{item, from, to, symbol}`.
local function items_of(handle, track)
  local found = {}
  for i = 0, track and reaper.GetTrackNumMediaItems(track) - 1 or -1 do
    local item = reaper.GetTrackMediaItem(track, i)
    local symbol = read_items.words(item)
    local from, to = read_items.span(handle, item)
    if symbol then found[#found + 1] = { item = item, from = from, to = to, symbol = symbol } end
  end
  return found
end

-- Which bars are edited: those of the time selection, else from the edit cursor's bar on.
local function extent(handle, ruler, items)
  local from, to = read_time.selection(handle)
  if from then return (bars.position(ruler, from)), (bars.position(ruler, to - 2 * NEAR)), true end
  local first = bars.position(ruler, reaper.TimeMap2_timeToQN(handle, reaper.GetCursorPositionEx(handle)))
  local last = first
  for _, one in ipairs(items) do last = math.max(last, (bars.position(ruler, one.to - 2 * NEAR))) end
  return first, math.min(last, first + SHOWN - 1), false
end

local function text_of(ruler, items, first, last)
  local list, beats = {}, {}
  for bar = first, last do
    local from, length = bars.start(ruler, bar), bars.length(ruler, bar)
    local chords_here = {}
    for _, one in ipairs(items) do
      if one.from >= from - NEAR and one.from < from + length - NEAR then
        chords_here[#chords_here + 1] = { at = math.max(0, one.from - from) / length, symbol = one.symbol }
      end
    end
    list[#list + 1] = chords_here
    local _, after_last = bars.position(ruler, from + length - 2 * NEAR)
    beats[#beats + 1] = math.floor(after_last)
  end
  return chord_text.write(list, beats)
end

-- Bars of chords as `{from, to, symbol}`; each lasts until the next.
local function laid(ruler, first, list)
  local found, stop = {}, bars.start(ruler, first + #list)
  for i, bar in ipairs(list) do
    local from, length = bars.start(ruler, first + i - 1), bars.length(ruler, first + i - 1)
    for _, chord in ipairs(bar) do
      local at = from + chord.at * length
      if found[#found] then found[#found].to = at end
      found[#found + 1] = { from = at, to = stop, symbol = chord.symbol }
    end
  end
  return found
end

local function set_span(handle, item, from, to)
  local start = reaper.TimeMap2_QNToTime(handle, from)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", start)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", reaper.TimeMap2_QNToTime(handle, to) - start)
end

-- A place for the new chords: items inside it go, one that reaches in from before is cut. Equal ones stay as they are.
local function make_room(handle, track, items, from, to)
  for _, one in ipairs(items) do
    if one.from < from - NEAR and one.to > from + NEAR then
      set_span(handle, one.item, one.from, from)
    elseif one.from >= from - NEAR and one.from < to - NEAR then
      reaper.DeleteTrackMediaItem(track, one.item)
    end
  end
end

local function add(handle, track, chord)
  local item = reaper.AddMediaItemToTrack(track)
  set_span(handle, item, chord.from, chord.to)
  reaper.SetMediaItemInfo_Value(item, "C_BEATATTACHMODE", 1)
  reaper.GetSetMediaItemInfo_String(item, "P_NOTES", chord.symbol, true)
end

local function new_track(handle)
  reaper.InsertTrackAtIndex(0, false)
  local track = reaper.GetTrack(handle, 0)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", NAME, true)
  return track
end

--- Edits the chords of the bars in question.
function chords.edit()
  action.run(function()
    local handle = project.front()
    local track = chord_track(handle)
    local items = items_of(handle, track)
    local ruler = bars.ruler(read_time.map(handle).meter)
    local first, last = extent(handle, ruler, items)
    local shown = bars.shown(first, read_time.start_measure_offset())
    local text = chooser.line(("Edit chords from bar %d"):format(shown), "Chords", text_of(ruler, items, first, last))
    if not text then return end
    local list, wrong = chord_text.parse(text)
    if not list then faults.raise(messages.pair("bad_chords", wrong)) end
    local new = laid(ruler, first, list)
    if #new == 0 then faults.raise(messages.pair("no_chords_text")) end
    local ok, problem = undo.block(handle, "Edit chords", function()
      track = track or new_track(handle)
      make_room(handle, track, items, bars.start(ruler, first), bars.start(ruler, first + #list))
      for _, chord in ipairs(new) do add(handle, track, chord) end
    end)
    if not ok then error(problem, 0) end
  end)
end

return chords
