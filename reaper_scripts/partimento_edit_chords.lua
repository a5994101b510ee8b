-- @description partimento: Edit chords…
-- @version 0.1.0
-- @author The partimento authors
-- @about Edits the Chords track as text, one bar between two lines.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.chords").edit()
