-- Bars and beats from the meter map: a meter change always begins a bar. Bars and beats count from 1, as the ruler does.

local bars = {}

local NEAR = 1e-6 -- quarter notes; less than REAPER's own rounding of a position

local function shape(text)
  local above, below = text:match("^(%d+)/(%d+)$")
  above, below = tonumber(above), tonumber(below)
  return { beat_qn = 4 / below, bar_qn = above * 4 / below }
end

--- The spans of equal meter of a map `[{qn, meter}]`: where each begins, its first bar, and how long beat and bar are.
function bars.ruler(meter)
  local spans = {}
  for i, point in ipairs(meter) do
    local span = shape(point.meter)
    local last = spans[i - 1]
    span.from_qn, span.bar = point.qn, 1
    if last then span.bar = last.bar + math.ceil((point.qn - last.from_qn) / last.bar_qn - NEAR) end
    spans[i] = span
  end
  return spans
end

local function span_at(ruler, qn)
  local found = ruler[1]
  for _, span in ipairs(ruler) do
    if span.from_qn <= qn + NEAR then found = span end
  end
  return found
end

--- Bar (integer) and beat (a number from 1) of a position.
function bars.position(ruler, qn)
  local span = span_at(ruler, qn)
  local passed = math.max(0, qn - span.from_qn)
  local whole = math.floor(passed / span.bar_qn + NEAR)
  local beat = math.max(0, (passed - whole * span.bar_qn) / span.beat_qn)
  return span.bar + whole, 1 + math.floor(beat * 1e6 + 0.5) / 1e6
end

--- Where a bar begins.
function bars.start(ruler, bar)
  local found = ruler[1]
  for _, span in ipairs(ruler) do
    if span.bar <= bar then found = span end
  end
  return found.from_qn + (bar - found.bar) * found.bar_qn
end

--- A bar's length.
function bars.length(ruler, bar)
  local from = bars.start(ruler, bar)
  local next_bar = bars.start(ruler, bar + 1)
  return next_bar - from
end

--- How many whole beats a bar has.
function bars.beats(ruler, bar)
  local length = bars.length(ruler, bar)
  return math.max(1, math.floor(length / span_at(ruler, bars.start(ruler, bar)).beat_qn + NEAR))
end

--- The last bar of which something lies before a position.
function bars.last_before(ruler, qn)
  local bar, beat = bars.position(ruler, qn)
  return beat > 1 and bar or math.max(1, bar - 1)
end

--- Where a beat of a bar lies.
function bars.qn(ruler, bar, beat)
  local from = bars.start(ruler, bar)
  return from + (beat - 1) * span_at(ruler, from).beat_qn
end

--- The bar's number as REAPER's ruler shows it.
function bars.shown(bar, start_measure_offset) return bar + start_measure_offset end

return bars
