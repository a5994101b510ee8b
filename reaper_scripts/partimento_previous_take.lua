-- @description partimento: Previous take
-- @version 0.1.0
-- @author The partimento authors
-- @about Makes the previous take of the selected items the active one.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.choose_takes").step(-1)
