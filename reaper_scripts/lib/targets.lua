-- Tracks and items found by their GUID, and found to be there still just before something is written.

local faults = require("lib.faults")
local messages = require("lib.messages")
local read_items = require("lib.read_items")

local targets = {}

--- Every track and item of a project by GUID, gathered over ticks: `pause` is called now and then.
function targets.gather(handle, pause)
  local found = { handle = handle, tracks = {}, items = {} }
  for t = 0, reaper.CountTracks(handle) - 1 do
    local track = reaper.GetTrack(handle, t)
    found.tracks[reaper.GetTrackGUID(track)] = track
    for i = 0, reaper.GetTrackNumMediaItems(track) - 1 do
      local item = reaper.GetTrackMediaItem(track, i)
      found.items[read_items.guid(item)] = item
      pause()
    end
    pause()
  end
  return found
end

local function gone(what) faults.raise(messages.pair("target_gone", what)) end

--- A track by GUID that is there.
function targets.neighbour(found, guid)
  local track = found.tracks[guid]
  if not track or not reaper.ValidatePtr2(found.handle, track, "MediaTrack*") or reaper.GetTrackGUID(track) ~= guid then
    gone("a track")
  end
  return track
end

--- A track by GUID that is there and not frozen.
function targets.track(found, guid)
  local track = targets.neighbour(found, guid)
  local _, name = reaper.GetTrackName(track)
  if reaper.GetMediaTrackInfo_Value(track, "I_FREEZECOUNT") > 0 then faults.raise(messages.pair("frozen", name)) end
  return track
end

--- An item by GUID that is there, not locked, and on a track that is not frozen.
function targets.item(found, guid)
  local item = found.items[guid]
  if not item or not reaper.ValidatePtr2(found.handle, item, "MediaItem*") or read_items.guid(item) ~= guid then
    gone("an item")
  end
  targets.track(found, reaper.GetTrackGUID(reaper.GetMediaItem_Track(item)))
  if read_items.is_locked(item) then faults.raise(messages.pair("locked", read_items.track_name(item))) end
  return item
end

return targets
