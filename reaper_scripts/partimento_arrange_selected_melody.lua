-- @description partimento: Arrange selected melody
-- @version 0.1.0
-- @author The partimento authors
-- @about Writes a piano part, or a band, for the selected melody.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("arrange")
