-- @description partimento: Keep last bars
-- @version 0.1.0
-- @author The partimento authors
-- @about Writes the last bars of the improvisation into the project.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("keep")
