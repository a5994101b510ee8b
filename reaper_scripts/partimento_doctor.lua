-- @description partimento: Doctor
-- @version 0.1.0
-- @author The partimento authors
-- @about Says what works here and what does not.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.doctor").run()
