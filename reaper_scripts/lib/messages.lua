-- Every sentence that a musician reads from these scripts, and the ways to show one.

local messages = {}

local TITLE = "partimento"

messages.text = {
  select_melody = { "No melody is selected.", "Select its item or its track, then ask again." },
  select_music = { "Nothing is selected.", "Select the items or tracks to work on, then ask again." },
  select_time = { "No time is selected.", "Drag over the ruler to say which bars, then ask again." },
  select_tracks = { "No track is selected.", "Select the tracks to fill, then ask again." },
  select_items = { "No item of partimento is selected.", "Select items that it wrote, then ask again." },
  select_takes = { "No selected item has several takes.", "Select items with takes to step through." },
  other_project = { "This result belongs to another project.", "Bring that project to the front, or insert single clips." },
  no_clip = { "No clip was chosen yet.", "Choose one in Show clips." },
  live_is_set_up = { "This project has its live track already.", "It is called “%s”." },
  select_region = { "The cursor is in no region.", "Put the edit cursor into the region to plan anew." },
  empty_melody = { "The selection holds no notes.", "Select a MIDI item with the melody." },
  audio_melody = { "The selection holds audio only.", "Select a MIDI item with the melody." },
  frozen = { "Track “%s” is frozen.", "Unfreeze it, then ask again." },
  locked = { "An item on track “%s” is locked.", "Unlock it, then ask again." },
  audio_target = { "The item on track “%s” plays audio.", "Select a MIDI item." },
  recording = { "REAPER is recording.", "Stop the recording, then ask again." },
  own_tempo = {
    "An item on track “%s” is looped and ignores the project's tempo.",
    "Switch “Ignore project tempo” off for it, then ask again.",
  },
  keeps_changing = { "The project changed while it was read.", "Let go of the mouse, then ask again." },
  target_gone = { "What the result belongs to is no longer there: %s.", "Undo its deletion, or ask again." },
  damaged_result = { "The result of job %s cannot be used: %s.", "Ask again; if it stays, run partimento: Doctor." },
  slip = { "Something of ours went wrong: %s.", "Run partimento: Doctor; if it comes again, start REAPER anew." },
  not_written = { "The result could not be written: %s.", "Nothing was changed. Run partimento: Doctor." },
  cannot_send = { "The request could not be written: %s.", "Free some disk space or check the rights of %s." },
  too_large = { "The request has %d MiB.", "The limit is 32; select less." },
  no_bridge = {
    "The bridge did not start.",
    "Run `partimento serve` in a terminal and read what it says, or run partimento: Doctor.",
  },
  old_bridge = {
    "The bridge is version %s, these scripts are %s.",
    "End the bridge (process %d), update it with `uv tool upgrade partimento`, then ask again.",
  },
  old_scripts = {
    "The bridge is version %s, these scripts are %s.",
    "Close REAPER, run `partimento reaper install`, and start REAPER again.",
  },
  wrong_style = { "“%s” must be %s.", "Ask again and change it." },
  nothing_to_repeat = { "Nothing was asked for in this project yet.", "Start with Arrange selected melody." },
  nothing_to_cancel = { "Nothing is running.", "There is nothing to cancel." },
  no_plan = { "This project has no plan yet.", "Run Plan song… first." },
  bad_chords = { "“%s” is no chord.", "Write chords as in | Am7 D7 | Gmaj7 |, one bar between two lines." },
  no_chords_text = { "No chords were given.", "Write them as in | Am7 D7 | Gmaj7 |." },
}

--- A sentence and its hint, filled in.
function messages.pair(key, ...)
  local pair = messages.text[key]
  local blanks = select(2, pair[1]:gsub("%%[sd]", ""))
  local values = { ... }
  return pair[1]:format(table.unpack(values, 1, blanks)), pair[2]:format(table.unpack(values, blanks + 1))
end

--- One sentence and what to do next, in a window that must be closed.
function messages.show(sentence, hint)
  local text = hint and hint ~= "" and sentence .. "\n\n" .. hint or sentence
  reaper.ShowMessageBox(text, TITLE, 0)
end

--- A question; true for yes.
function messages.ask(question) return reaper.ShowMessageBox(question, TITLE, 4) == 6 end

--- A line beside the work, gone by itself. OSARA reads it to those who cannot see it.
function messages.whisper(line)
  reaper.Help_Set(TITLE .. ": " .. line, true)
  if reaper.APIExists("osara_outputMessage") then reaper.osara_outputMessage(line) end
end

--- A page of text.
function messages.page(text)
  reaper.ClearConsole()
  reaper.ShowConsoleMsg(text)
end

return messages
