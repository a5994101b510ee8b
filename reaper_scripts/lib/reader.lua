-- The project as a request (`request/1`), read over as many ticks as it takes without disturbing anyone.

local json = require("lib.json")
local events = require("lib.events")
local faults = require("lib.faults")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local project = require("lib.project")
local read_items = require("lib.read_items")
local read_time = require("lib.read_time")
local steps = require("lib.steps")
local VERSION = require("lib.version")

local reader = {}

local ATTEMPTS = 5
local AROUND_QN = 64 -- context on each side of what is asked for: engines look that far
local LONGEST_SYMBOL = 60 -- bytes; what is longer is no symbol
local Changed = {}

local function selected_items(handle, pause)
  local guids, first, last = json.array(), math.huge, -math.huge
  for i = 0, reaper.CountSelectedMediaItems(handle) - 1 do
    local item = reaper.GetSelectedMediaItem(handle, i)
    if not item then error(Changed, 0) end -- REAPER may be set to count a new selection as no change
    local from, to = read_items.span(handle, item)
    first, last = math.min(first, from), math.max(last, to)
    guids[#guids + 1] = read_items.guid(item)
    pause()
  end
  return guids, first, last
end

local function selected_tracks(handle)
  local guids = json.array()
  for i = 0, reaper.CountSelectedTracks(handle) - 1 do
    guids[#guids + 1] = reaper.GetTrackGUID(reaper.GetSelectedTrack(handle, i))
  end
  return guids
end

-- Time selection first; without one, the span of the selected items; without any, everything (0 to 0).
local function selection(handle, pause)
  local items, first, last = selected_items(handle, pause)
  local from, to = read_time.selection(handle)
  if not from and #items > 0 then from, to = first, last end
  return { from_qn = from or 0.0, to_qn = to or 0.0, tracks = selected_tracks(handle), items = items }
end

local function text_chords(item, chords, pause)
  local take = reaper.GetActiveTake(item)
  if not take or not reaper.TakeIsMIDI(take) then return end
  local _, packed = reaper.MIDI_GetAllEvts(take)
  for _, event in ipairs(events.unpack(packed, pause)) do
    local words = events.words(event[3])
    local qn = words and reaper.MIDI_GetProjQNFromPPQPos(take, event[1] + 0.0)
    if words then chords[#chords + 1] = { qn = qn, symbol = words:sub(1, LONGEST_SYMBOL) } end
  end
end

-- A chord track's words: names of its empty items, and texts in its MIDI items.
local function words_of(handle, track, chords, pause)
  for i = 0, reaper.GetTrackNumMediaItems(track) - 1 do
    local item = reaper.GetTrackMediaItem(track, i)
    local words = read_items.words(item)
    if words then
      chords[#chords + 1] = { qn = (read_items.span(handle, item)), symbol = words:sub(1, LONGEST_SYMBOL) }
    else
      text_chords(item, chords, pause)
    end
    pause()
  end
end

local function role_of(track)
  local _, role = reaper.GetSetMediaTrackInfo_String(track, "P_EXT:partimento.role", "", false)
  return role ~= "" and role or json.null
end

local function has_instrument(track)
  return reaper.TrackFX_GetInstrument(track) >= 0 or reaper.GetMediaTrackInfo_Value(track, "I_MIDIHWOUT") >= 0
end

-- The items of a track that matter. Those that hold the same events are noted: they may be of one pool.
local function items_of(state, track)
  local items = json.array()
  for i = 0, reaper.GetTrackNumMediaItems(track) - 1 do
    local item = reaper.GetTrackMediaItem(track, i)
    local from, to = read_items.span(state.handle, item)
    if to > from and from < state.to_qn and to > state.from_qn then
      local read, packed = read_items.read(state.handle, item, state.pause)
      items[#items + 1] = read
      if packed then
        state.alike[packed] = state.alike[packed] or {}
        table.insert(state.alike[packed], { item = item, read = read })
      end
    end
    state.pause()
  end
  return items
end

local function read_track(state, track)
  local _, name = reaper.GetTrackName(track) -- a track without a name is called “Track 3”, as on the screen
  if read_items.is_chord_track(track) and reaper.GetMediaTrackInfo_Value(track, "B_MUTE") == 0 then
    words_of(state.handle, track, state.chords, state.pause)
  end
  return {
    guid = reaper.GetTrackGUID(track),
    name = name:sub(1, read_time.LONGEST_NAME),
    role = role_of(track),
    muted = reaper.GetMediaTrackInfo_Value(track, "B_MUTE") ~= 0,
    has_instrument = has_instrument(track),
    items = items_of(state, track),
  }
end

-- Whose pool an item is of is dear to ask, so only items that hold the same events are asked.
local function mark_pools(state)
  for _, alike in pairs(state.alike) do
    local pools = {}
    for _, one in ipairs(#alike > 1 and alike or {}) do
      local pool = read_items.pool(one.item)
      if pool then
        pools[pool] = pools[pool] or {}
        table.insert(pools[pool], one.read)
      end
      state.pause()
    end
    for _, pool in pairs(pools) do
      for _, read in ipairs(pool) do read.pooled = #pool > 1 end
    end
  end
end

local function read_tracks(state)
  local tracks = json.array()
  for i = 0, reaper.CountTracks(state.handle) - 1 do
    tracks[#tracks + 1] = read_track(state, reaper.GetTrack(state.handle, i))
    state.pause()
  end
  mark_pools(state)
  table.sort(state.chords, function(a, b) return a.qn < b.qn end)
  return tracks
end

local function describe(handle, file, id)
  return {
    id = id,
    name = reaper.GetProjectName(handle),
    path = file,
    state = reaper.GetProjectStateChangeCount(handle),
    start_measure_offset = read_time.start_measure_offset(),
  }
end

local function read_once(handle, file, id, verb, options, wished)
  local described = describe(handle, file, id)
  local function check()
    local there = reaper.ValidatePtr2(handle, handle, "ReaProject*")
    if not there or reaper.GetProjectStateChangeCount(handle) ~= described.state then error(Changed, 0) end
  end
  local pause = steps.pausing(check)
  local chosen = wished or selection(handle, pause)
  local whole = chosen.to_qn <= chosen.from_qn
  local state = {
    handle = handle,
    pause = pause,
    from_qn = whole and -math.huge or chosen.from_qn - AROUND_QN,
    to_qn = whole and math.huge or chosen.to_qn + AROUND_QN,
    alike = {}, -- by packed events
    chords = json.array(),
  }
  local regions, markers = read_time.signs(handle, pause)
  local request = {
    schema = "request/1",
    id = mailbox.new_id(),
    verb = verb,
    scripts = VERSION,
    project = described,
    options = options,
    time = read_time.map(handle, pause),
    selection = chosen,
    regions = regions,
    markers = markers,
    tracks = read_tracks(state),
    plan = json.null,
    mask = json.null,
  }
  request.chords = state.chords
  return request
end

--- The project in front as a request. Begins anew when it changes meanwhile; gives up after a few times.
--- `wished`, when given, stands for what is selected.
function reader.read(verb, options, wished)
  local handle, file = project.front()
  local id = project.id(handle)
  for _ = 1, ATTEMPTS do
    local ok, request = pcall(read_once, handle, file, id, verb, options, wished)
    if ok then return request end
    if request ~= Changed then error(request, 0) end
    if not reaper.ValidatePtr2(handle, handle, "ReaProject*") then break end
    steps.wait()
  end
  faults.raise(messages.pair("keeps_changing"))
end

return reader
