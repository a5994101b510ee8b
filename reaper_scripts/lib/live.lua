-- Playing along: start and stop the improviser, silence it, and a track to play it through.

local action = require("lib.action")
local bridge = require("lib.bridge")
local faults = require("lib.faults")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local project = require("lib.project")
local settings = require("lib.settings")
local tracks = require("lib.tracks")
local undo = require("lib.undo")

local live = {}

local SECTION, KEY, BUTTON = "partimento", "live", "live.button"
local NAME, ROLE = "Live", "live"
local ALL_MIDI_INPUTS = 4096 | 63 << 5 -- every device, every channel

--- Whether the improviser was started.
function live.is_on() return reaper.GetExtState(SECTION, KEY) == "on" end

-- The button of the action that was pressed last, whichever script says that its light goes on or out.
local function show(on)
  reaper.SetExtState(SECTION, KEY, on and "on" or "off", false)
  local section, command = reaper.GetExtState(SECTION, BUTTON):match("^(%d+) (%d+)$")
  if not section then return end
  section, command = math.tointeger(tonumber(section)), math.tointeger(tonumber(command))
  reaper.SetToggleCommandState(section, command, on and 1 or 0)
  reaper.RefreshToolbar2(section, command)
end

local function remember_button()
  local _, _, section, command = reaper.get_action_context()
  if command > 0 then reaper.SetExtState(SECTION, BUTTON, ("%d %d"):format(section, command), false) end
end

local function tell(verb, args)
  bridge.ensure()
  mailbox.control(verb, args)
  action.wake()
end

--- Starts the improviser, or stops it.
function live.toggle()
  action.run(function()
    remember_button()
    if live.is_on() then
      tell("live-stop")
      show(false)
      messages.whisper("improviser stopped")
      return
    end
    tell("live-start", { mode = settings.get(project.front(), "mode", "accompany") })
    show(true)
    messages.whisper("improviser starting …")
  end)
end

--- The bridge has said no to the start.
function live.was_refused() show(false) end

--- Silences everything that the bridge plays.
function live.panic()
  action.run(function()
    mailbox.control("panic")
    messages.whisper("panic")
  end)
end

local function live_track(handle)
  for i = 0, reaper.CountTracks(handle) - 1 do
    local track = reaper.GetTrack(handle, i)
    local _, role = reaper.GetSetMediaTrackInfo_String(track, "P_EXT:partimento.role", "", false)
    if role == ROLE then return track end
  end
end

--- A track that hears every MIDI input, with a sound, ready to play through.
function live.set_up()
  action.run(function()
    local handle = project.front()
    local there = live_track(handle)
    if there then
      local _, name = reaper.GetTrackName(there)
      faults.raise(messages.pair("live_is_set_up", name))
    end
    undo.point(handle, "Set up live", function()
      local track, sounds = tracks.add(handle, { name = NAME, role = ROLE, sounds = true })
      reaper.SetMediaTrackInfo_Value(track, "I_RECINPUT", ALL_MIDI_INPUTS)
      reaper.SetMediaTrackInfo_Value(track, "I_RECMON", 1)
      reaper.SetMediaTrackInfo_Value(track, "I_RECARM", 1)
      if not sounds then messages.whisper("no instrument was found for the track " .. NAME) end
    end)
  end)
end

return live
