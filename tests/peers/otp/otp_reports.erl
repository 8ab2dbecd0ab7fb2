%% What OTP's supervisors report to the logger, as lines of a history.
-module(otp_reports).
-export([open/1, close/1]).
-export([log/2]).

open(#{reports := false}) ->
    ok;
open(#{reports := true} = Case) ->
    _ = logger:remove_handler(default),
    ok = logger:add_handler(?MODULE, ?MODULE, #{config => Case}),
    ok = logger:set_primary_config(level, error).

close(#{reports := false}) ->
    ok;
close(#{reports := true}) ->
    ok = logger:set_primary_config(level, none),
    ok = logger:remove_handler(?MODULE).

%% Runs in the supervisor that reports. Who ends by `normal` when it is to stop
%% has done as it was told, though OTP reports it where it is permanent.
log(#{msg := {report, #{label := {supervisor, shutdown_error},
                        report := [_, _, {reason, normal} | _]}}}, _) ->
    ok;
log(#{msg := {report, #{label := {supervisor, What}, report := Report}}},
    #{config := Case}) ->
    Id = about(What, Report, otp_recorder:ask(Case, names)),
    otp_recorder:ask(Case, {report, What, Id}),
    ok;
log(_, _) ->
    ok.

%% Instances of a template are known by their process ids alone.
about(shutdown, _, Names) ->
    maps:get(self(), Names);
about(_, Report, Names) ->
    Offender = proplists:get_value(offender, Report),
    case proplists:get_value(id, Offender) of
        "-" -> maps:get(pid(proplists:get_value(pid, Offender)), Names);
        Id -> Id
    end.

pid({restarting, Pid}) -> Pid;
pid(Pid) -> Pid.
