-- Chords as text, `| Am7 D7 | Gmaj7 | % |`: one bar between two lines, its chords share it evenly, `.` holds, `%` repeats.

local chord_text = {}

-- What chord symbols are made of behind their root, the longer before the shorter. The bridge reads them exactly; here it is
-- enough that `Chorus` and `Bass` are no chords.
local PIECES = {
  "half%-?diminished", "half%-?dim", "hdim", "h%d", "diminished", "dim", "augmented", "aug", "suspended", "sus",
  "dominant", "dom", "altered", "alt", "added", "add", "omit", "drop", "noroot", "no%d", "major", "maj", "minor", "min",
  "mi", "madd", "ma", "m", "o%f[^o]", "/[a-g][#bx]*", "[j^+#b(),/%[%]%-%d]",
}
local TYPED = {
  ["♯"] = "#", ["♭"] = "b", ["♮"] = "", ["𝄪"] = "x", ["𝄫"] = "bb", ["−"] = "-", ["–"] = "-",
  ["△"] = "^", ["Δ"] = "^", ["∆"] = "^", ["ø"] = "o", ["Ø"] = "o", ["∅"] = "o", ["°"] = "o", ["º"] = "o",
  ["⁵"] = "5", ["⁶"] = "6", ["⁷"] = "7", ["⁹"] = "9",
}
local NO_CHORD = { N = true, X = true, NC = true, ["N.C"] = true, ["N.C."] = true }

local function behind_piece(text, at)
  for _, piece in ipairs(PIECES) do
    local _, stop = text:find("^" .. piece, at)
    if stop then return stop + 1 end
  end
end

--- Whether a word looks like a chord symbol.
function chord_text.is_chord(word)
  if NO_CHORD[word] or NO_CHORD[word:upper()] and #word > 1 then return true end
  local root, rest = word:gsub("[\xC2-\xF4][\x80-\xBF]+", TYPED):match("^([A-Ga-g])x?(.*)$")
  if not root then return false end
  -- A lone small letter means minor to some and major to others; `b7` is a degree.
  if root:find("%l") and (rest == "" or rest:find("^/") or root == "b" and rest:find("^%d")) then return false end
  local at = 1
  rest = rest:lower()
  while at and at <= #rest do at = behind_piece(rest, at) end
  return at ~= nil
end

local function cells_of(text)
  local cells = {}
  local inner = text:gsub("[\r\n]+", " "):gsub("^%s*|+", ""):gsub("|+%s*$", "")
  for cell in (inner .. "|"):gmatch("([^|]*)|") do
    local words = {}
    for word in cell:gmatch("%S+") do words[#words + 1] = word end
    cells[#cells + 1] = words
  end
  return cells
end

--- The chords of a text as bars of `{at, symbol}`, at from 0 to 1 in the bar; or nil and the word that is no chord.
--- A bar without chords of its own goes on with the chord before it.
function chord_text.parse(text)
  local parsed, before = {}, {}
  for _, words in ipairs(cells_of(text)) do
    local bar = {}
    if #words == 1 and words[1] == "%" then
      bar = before
    else
      for i, word in ipairs(words) do
        if word ~= "." and word ~= "/" then
          if not chord_text.is_chord(word) then return nil, word end
          bar[#bar + 1] = { at = (i - 1) / #words, symbol = word }
        end
      end
    end
    parsed[#parsed + 1] = bar
    if #bar > 0 then before = bar end
  end
  return parsed
end

local function fits(bar, shares)
  for _, chord in ipairs(bar) do
    local place = chord.at * shares
    if math.abs(place - math.floor(place + 0.5)) > 1e-6 then return false end
  end
  return true
end

-- A bar's words with as few holds as its chords allow; off any grid they move to the nearest twelfth of a beat.
local function words_of(bar, beats)
  local finest = 12 * beats
  for _, shares in ipairs({ 1, 2, beats, 2 * beats, 3 * beats, 4 * beats, finest }) do
    if fits(bar, shares) or shares == finest then
      local words = {}
      for i = 1, shares do words[i] = "." end
      for _, chord in ipairs(bar) do words[math.min(shares - 1, math.floor(chord.at * shares + 0.5)) + 1] = chord.symbol end
      return #bar == 0 and "" or table.concat(words, " ")
    end
  end
end

--- The text of bars of `{at, symbol}`; `beats` says how many beats each bar has.
function chord_text.write(list, beats)
  local cells = {}
  for i, bar in ipairs(list) do cells[i] = " " .. words_of(bar, beats[i]) .. " " end
  return "|" .. table.concat(cells, "|") .. "|"
end

return chord_text
