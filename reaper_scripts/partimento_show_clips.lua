-- @description partimento: Show clips
-- @version 0.1.0
-- @author The partimento authors
-- @about The clips of the last results, to drag or to insert.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.panel").run()
