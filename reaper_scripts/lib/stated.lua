-- The chords that a project states, and where they were changed since the last run: what *Again* plays anew there, and only
-- there.

local chord_text = require("lib.chord_text")

local stated = {}

local REHEARSAL = "^%u[1-4ox]?$" -- `A`, `B2`: a mark, no chord
local NEAR = 1e-3 -- quarter notes
local FOREVER = 1e6 -- quarter notes; the last chord holds as long as there is music

local function of_marker(name)
  local words = name:match("^%s*(.-)%s*$")
  local told = words:match("^[Cc][Hh][Oo][Rr][Dd]%s*:%s*(.*)$")
  if told then return told end
  if not words:find(REHEARSAL) and chord_text.is_chord(words) then return words end
end

--- The chords of a request as `{qn, symbol}`: those of a chord track, else those of markers.
function stated.of(request)
  if #request.chords > 0 then return request.chords end
  local found = {}
  for _, marker in ipairs(request.markers) do
    local symbol = of_marker(marker.name)
    if symbol then found[#found + 1] = { qn = marker.qn, symbol = symbol } end
  end
  return found
end

-- What a list says at one place after the other, from left to right.
local function reader(list)
  local at = 0
  return function(qn)
    while list[at + 1] and list[at + 1].qn <= qn + NEAR do at = at + 1 end
    return list[at] and list[at].symbol
  end
end

--- The stretches `{from, to}` in quarter notes where the chords of `now` differ from what was stated `before`, and from what
--- was `played` then. Where neither says anything, nothing is known to have changed.
function stated.changed(now, before, played)
  local places = {}
  for _, list in ipairs({ now, before, played }) do
    for _, one in ipairs(list) do places[#places + 1] = one.qn end
  end
  table.sort(places)
  local now_at, before_at, played_at = reader(now), reader(before), reader(played)
  local found, open = {}, nil
  for _, qn in ipairs(places) do
    local symbol, told, sounded = now_at(qn), before_at(qn), played_at(qn)
    local differs = symbol and (told or sounded) and symbol ~= told and symbol ~= sounded
    if differs and not open then
      open = { from = qn, to = FOREVER }
      found[#found + 1] = open
    elseif not differs and open then
      open.to, open = qn, nil
    end
  end
  return found
end

return stated
