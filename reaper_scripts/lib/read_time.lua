-- Tempo, meter, regions and markers of a project, in quarter notes.

local json = require("lib.json")

local read_time = {}

read_time.LONGEST_NAME = 1000 -- bytes; some keep whole lyrics there

-- REAPER counts quarter notes from the project's start; a time before it has no bar.
local function qn_of(handle, time) return math.max(0.0, reaper.TimeMap2_timeToQN(handle, time)) end

-- The tempo that stands before the first marker, or without any: the map itself says it, whatever beat it is shown in.
local function first_tempo(handle)
  return 60 / (reaper.TimeMap2_QNToTime(handle, 1.0) - reaper.TimeMap2_QNToTime(handle, 0.0))
end

local function first_meter(handle)
  local above, below = reaper.TimeMap_GetTimeSigAtTime(handle, 0.0)
  return ("%d/%d"):format(above, below)
end

--- The tempo and meter map: `{tempo, meter, length_qn}` of the wire. `pause`, when given, is called now and then.
function read_time.map(handle, pause)
  local tempo, meter = json.array(), json.array()
  for i = 0, reaper.CountTempoTimeSigMarkers(handle) - 1 do
    local _, time, _, _, bpm, above, below, linear = reaper.GetTempoTimeSigMarker(handle, i)
    local qn = qn_of(handle, time)
    tempo[#tempo + 1] = { qn = qn, qpm = bpm, linear = linear }
    if above > 0 and below > 0 then meter[#meter + 1] = { qn = qn, meter = ("%d/%d"):format(above, below) } end
    if pause then pause() end
  end
  if not tempo[1] or tempo[1].qn > 0 then
    table.insert(tempo, 1, { qn = 0.0, qpm = first_tempo(handle), linear = false })
  end
  if not meter[1] or meter[1].qn > 0 then table.insert(meter, 1, { qn = 0.0, meter = first_meter(handle) }) end
  return { tempo = tempo, meter = meter, length_qn = qn_of(handle, reaper.GetProjectLength(handle)) }
end

--- How far the ruler's first bar number is shifted. REAPER says it only in the words of its ruler.
function read_time.start_measure_offset()
  local shown = reaper.format_timestr_pos(0.0, "", 2)
  return (math.tointeger(tonumber(shown:match("^%s*(-?%d+)"))) or 1) - 1
end

--- Regions and markers of the wire. `pause`, when given, is called now and then.
function read_time.signs(handle, pause)
  local regions, markers = json.array(), json.array()
  local index = 0
  while true do
    local more, is_region, from, to, name = reaper.EnumProjectMarkers3(handle, index)
    if more == 0 then return regions, markers end
    name = name:sub(1, read_time.LONGEST_NAME)
    if is_region then
      regions[#regions + 1] = { name = name, from_qn = qn_of(handle, from), to_qn = qn_of(handle, to) }
    else
      markers[#markers + 1] = { name = name, qn = qn_of(handle, from) }
    end
    index = index + 1
    if pause then pause() end
  end
end

--- The time selection in quarter notes, or nil.
function read_time.selection(handle)
  local from, to = reaper.GetSet_LoopTimeRange2(handle, false, false, 0.0, 0.0, false)
  if to <= from then return nil end
  return qn_of(handle, from), qn_of(handle, to)
end

--- The grid as the engines may use it: its division in whole notes and the swing from -1 to 1.
function read_time.grid(handle)
  local _, division, mode, amount = reaper.GetSetProjectGrid(handle, false)
  return { division = division, swing = mode == 1 and amount or 0.0 }
end

return read_time
