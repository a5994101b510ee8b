-- @description partimento: Detect chords and phrases
-- @version 0.1.0
-- @author The partimento authors
-- @about Writes a Chords track and regions from what is there.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("detect")
