-- @description partimento: Settings
-- @version 0.1.0
-- @author The partimento authors
-- @about What the other actions propose.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.choices").run()
