-- @description partimento: Insert clip at edit cursor
-- @version 0.1.0
-- @author The partimento authors
-- @about Writes the clip chosen last onto the selected track.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.insert").run()
