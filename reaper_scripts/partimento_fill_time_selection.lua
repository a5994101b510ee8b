-- @description partimento: Fill time selection
-- @version 0.1.0
-- @author The partimento authors
-- @about Writes takes for the selected tracks in the time selection.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("fill")
