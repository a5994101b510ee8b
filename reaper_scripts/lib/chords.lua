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
local tracks = require("lib.tracks")
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
  if from then return (bars.position(ruler, from)), bars.last_before(ruler, to) end
  local first = bars.position(ruler, reaper.TimeMap2_timeToQN(handle, reaper.GetCursorPositionEx(handle)))
  local last = first
  for _, one in ipairs(items) do last = math.max(last, bars.last_before(ruler, one.to)) end
  return first, math.min(last, first + SHOWN - 1)
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
    beats[#beats + 1] = bars.beats(ruler, bar)
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

local function add(handle, track, chord)
  local item = reaper.AddMediaItemToTrack(track)
  set_span(handle, item, chord.from, chord.to)
  reaper.SetMediaItemInfo_Value(item, "C_BEATATTACHMODE", 1)
  reaper.GetSetMediaItemInfo_String(item, "P_NOTES", chord.symbol, true)
end

-- Chords that sound somewhere in a stretch.
local function within(items, from, to)
  local found = {}
  for _, one in ipairs(items) do
    if one.from < to - NEAR and one.to > from + NEAR then found[#found + 1] = one end
  end
  return found
end

local function refuse_locked(track, items)
  local _, name = reaper.GetTrackName(track)
  if reaper.GetMediaTrackInfo_Value(track, "I_FREEZECOUNT") > 0 then faults.raise(messages.pair("frozen", name)) end
  for _, one in ipairs(items) do
    if read_items.is_locked(one.item) then faults.raise(messages.pair("locked", name)) end
  end
end

-- A place for the new chords. Outside the edited bars everything stays: a chord that reaches in from before is cut, and
-- one that reaches out behind them goes on there.
local function make_room(handle, track, items, from, to, first)
  for _, one in ipairs(items) do
    if one.from < from - NEAR then
      set_span(handle, one.item, one.from, math.min(one.to, first))
    else
      reaper.DeleteTrackMediaItem(track, one.item)
    end
    if one.to > to + NEAR then add(handle, track, { from = to, to = one.to, symbol = one.symbol }) end
  end
end

local function same(one, other)
  return one.symbol == other.symbol and math.abs(one.from - other.from) < NEAR and math.abs(one.to - other.to) < NEAR
end

-- Those of a list that the other has not.
local function but(list, other)
  local found = {}
  for _, one in ipairs(list) do
    local twin
    for _, candidate in ipairs(other) do twin = twin or same(one, candidate) end
    if not twin then found[#found + 1] = one end
  end
  return found
end

local function write(handle, wanted, from, to)
  local track = chord_track(handle) -- looked for again: the window stood there for a while
  local there = track and within(items_of(handle, track), from, to) or {}
  local old, new = but(there, wanted), but(wanted, there) -- what stays the same is not touched
  if #new == 0 and #old == 0 then return end
  if track then refuse_locked(track, old) end
  undo.point(handle, "Edit chords", function()
    track = track or tracks.add(handle, { name = NAME, role = "chords" })
    make_room(handle, track, old, from, to, wanted[1].from)
    for _, chord in ipairs(new) do add(handle, track, chord) end
  end)
end

--- Edits the chords of the bars in question.
function chords.edit()
  action.run(function()
    local handle = project.front()
    local items = items_of(handle, chord_track(handle))
    local ruler = bars.ruler(read_time.map(handle).meter)
    local first, last = extent(handle, ruler, items)
    local shown = bars.shown(first, read_time.start_measure_offset())
    local text = chooser.line(("Edit chords from bar %d"):format(shown), "Chords", text_of(ruler, items, first, last))
    if not text then return end
    local list, wrong = chord_text.parse(text)
    if not list then faults.raise(messages.pair("bad_chords", wrong)) end
    local new = laid(ruler, first, list)
    if #new == 0 then faults.raise(messages.pair("no_chords_text")) end
    write(handle, new, bars.start(ruler, first), bars.start(ruler, first + #list))
  end)
end

return chords
