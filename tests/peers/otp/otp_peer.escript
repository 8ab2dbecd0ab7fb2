#!/usr/bin/env escript
%%! +S 1:1
%%
%% Puts cases through OTP's own supervisor and prints what happened. What a
%% case and a history look like, and what every word means, is in cases.hpp.
%%
%%     otp_peer.escript FILE >HISTORIES
%%
%% One thing happens at a time, or the order of the lines would be chance:
%% - Workers and start functions tell the recorder, one process per case, and
%%   go on when it has answered.
%% - A trap waits until the end of its worker is in the mailbox of the
%%   supervisor whose start function this is.
%% - The recorder writes down who is dead before anything else.
%%   One scheduler keeps the order of two that die with no line in between.
%% - The next action comes in quiet: see otp_tree:settle/1.

-mode(compile).

main([File]) ->
    ok = logger:set_primary_config(level, none),
    lists:foreach(fun load/1, [otp_cases, otp_recorder, otp_reports, otp_tree]),
    {ok, Text} = file:read_file(File),
    Cases = otp_cases:read(binary_to_list(Text)),
    ok = file:write(standard_io, [in_own_process(Case) || Case <- Cases]);
main(_) ->
    io:put_chars(standard_error, "usage: otp_peer.escript FILE\n"),
    halt(64).

%% The modules lie beside this file and are compiled into memory.
load(Module) ->
    Folder = filename:dirname(escript:script_name()),
    Path = filename:join(Folder, atom_to_list(Module)),
    {ok, Module, Code} =
        compile:file(Path, [binary, report, warnings_as_errors]),
    {module, Module} = code:load_binary(Module, Path, Code).

%% So that nothing is left in anybody's mailbox for the next case.
in_own_process(#{number := Number} = Case) ->
    {Pid, Monitor} = spawn_monitor(fun() -> exit({history, run(Case)}) end),
    receive
        {'DOWN', Monitor, process, Pid, {history, Lines}} ->
            Lines;
        {'DOWN', Monitor, process, Pid, Reason} ->
            io:format(standard_error, "case ~s: ~p~n", [Number, Reason]),
            halt(1)
    end.

run(#{number := Number, script := Script} = Bare) ->
    process_flag(trap_exit, true),
    Case = otp_recorder:start(Bare),
    otp_reports:open(Case),
    case otp_tree:start_supervisor(Case, "root") of
        {ok, Root} ->
            finish_start(Case),
            run(Script, Root, Case);
        {error, _} ->
            finish_start(Case)
    end,
    otp_reports:close(Case),
    Lines = otp_recorder:ask(Case, history),
    ["case ", Number, $\n, text_of(Lines, Case)].

run(Script, Root, Case) ->
    case {is_process_alive(Root), Script} of
        {false, _} ->
            ok;
        {true, [Action | Rest]} ->
            Outcome = act(otp_cases:words(Action), Case),
            finish_action(Action, Outcome, Case),
            run(Rest, Root, Case);
        {true, []} ->
            exit(Root, shutdown),
            receive {'EXIT', Root, shutdown} -> ok end,
            finish_action("stop root", ok, Case)
    end.

finish_start(Case) ->
    otp_recorder:ask(Case, {add, {state, otp_tree:settle(Case)}}).

finish_action(Action, Outcome, Case) ->
    States = otp_tree:settle(Case),
    otp_recorder:ask(Case, {add, {result, Action, Outcome}}),
    otp_recorder:ask(Case, {add, {state, States}}).

%% ---------------------------------------------------------------------------
%% Actions
%% ---------------------------------------------------------------------------

act(["exit", Id, Class], Case) ->
    otp_recorder:ask(Case, {die, Id, list_to_atom(Class)});
act(["fail_start", Id, Times], Case) ->
    otp_recorder:ask(Case, {fail_start, Id, list_to_integer(Times)});
act(["die_during", Id, Other, Class], Case) ->
    Trap = {Id, list_to_atom(Class)},
    otp_recorder:ask(Case, {set_trap, Other, Trap});
act(["ignore_start", Id, Times], Case) ->
    otp_recorder:ask(Case, {ignore_start, Id, list_to_integer(Times)});
act(["deaf", Id], Case) ->
    case otp_recorder:ask(Case, {alive, Id}) of
        none ->
            noproc;
        Pid ->
            Pid ! {be_deaf, self()},
            receive {deaf, Pid} -> ok end
    end;
act(["wait", Milliseconds], _) ->
    timer:sleep(list_to_integer(Milliseconds));
act(["count", Id], Case) ->
    case otp_recorder:ask(Case, {alive, Id}) of
        none -> noproc;
        Pid -> counts(supervisor:count_children(Pid))
    end;
act(["spec", Id], Case) ->
    case parent_alive(Id, Case) of
        none -> noproc;
        Pid -> spec(supervisor:get_childspec(Pid, Id))
    end;
act(["start" | Words], Case) ->
    #{id := Id, parent := Parent} = Node = otp_cases:node_of(Words),
    case otp_cases:is_simple(Parent, Case) of
        true -> ask_parent(start_child, Id, [Id], Case);
        false -> ask_parent(start_child, Id, otp_tree:child_spec(Node, Case),
                            Case)
    end;
act(["terminate", Id], Case) ->
    case otp_cases:is_simple(otp_cases:parent_of(Id, Case), Case) of
        true -> terminate_instance(Id, Case);
        false -> ask_parent(terminate_child, Id, Id, Case)
    end;
act(["restart", Id], Case) ->
    ask_parent(restart_child, Id, Id, Case);
act(["delete", Id], Case) ->
    ask_parent(delete_child, Id, Id, Case).

%% OTP knows instances by their process ids alone.
terminate_instance(Id, Case) ->
    case otp_recorder:ask(Case, {latest, Id}) of
        none ->
            case parent_alive(Id, Case) of
                none -> noproc;
                _ -> not_found
            end;
        Pid ->
            ask_parent(terminate_child, Id, Pid, Case)
    end.

ask_parent(Function, Id, Argument, Case) ->
    case parent_alive(Id, Case) of
        none -> noproc;
        Pid -> outcome(supervisor:Function(Pid, Argument))
    end.

parent_alive(Id, Case) ->
    otp_recorder:ask(Case, {alive, otp_cases:parent_of(Id, Case)}).

outcome(ok) -> ok;
outcome({ok, _}) -> ok;
outcome({error, {already_started, _}}) -> already_started;
outcome({error, Error})
  when Error =:= already_present; Error =:= not_found; Error =:= running;
       Error =:= simple_one_for_one ->
    Error;
outcome({error, {bad_combination, _}}) -> refused;
outcome({error, failed}) -> failed;
outcome({error, {failed, _Child}}) -> failed;
outcome({error, {shutdown, {failed_to_start_child, _, _}}}) -> failed.

counts(Counts) ->
    list_to_atom(lists:flatten(lists:join($,,
        [io_lib:format("~s=~b", [Key, Value]) || {Key, Value} <- Counts]))).

spec({error, not_found}) ->
    not_found;
spec({ok, #{restart := Restart, shutdown := Shutdown, type := Type,
            significant := Significant}}) ->
    list_to_atom(lists:flatten(io_lib:format("~s,~w,~s,~s",
        [Restart, Shutdown, Type,
         case Significant of true -> significant; false -> plain end]))).

%% ---------------------------------------------------------------------------
%% The text of a history
%% ---------------------------------------------------------------------------

text_of(Lines, Case) ->
    Sorted = sort_stops(Lines, otp_cases:order(Case), Case),
    [[line(Line), $\n] || Line <- reports_last(Sorted, [], [])].

%% Among what an action left.
reports_last([{report, _, _} = Report | Lines], Others, Reports) ->
    reports_last(Lines, Others, [Report | Reports]);
reports_last([Line | Lines], Others, Reports)
  when element(1, Line) =:= result; element(1, Line) =:= state ->
    lists:reverse(Others) ++ lists:reverse(Reports)
        ++ [Line | reports_last(Lines, [], [])];
reports_last([Line | Lines], Others, Reports) ->
    reports_last(Lines, [Line | Others], Reports);
reports_last([], Others, Reports) ->
    lists:reverse(Others) ++ lists:reverse(Reports).

%% Instances of a template are told to end at the same time.
sort_stops([{stop, Id, _} | _] = Lines, Order, Case) ->
    Parent = otp_cases:parent_of(Id, Case),
    Together = fun({stop, I, _}) -> otp_cases:parent_of(I, Case) =:= Parent;
                  (_) -> false
               end,
    {Stops, Rest} = lists:splitwith(Together, Lines),
    Sorted = case otp_cases:is_simple(Parent, Case) of
                 true -> [Stop || I <- Order, {stop, J, _} = Stop <- Stops,
                                  I =:= J];
                 false -> Stops
             end,
    Sorted ++ sort_stops(Rest, Order, Case);
sort_stops([Line | Lines], Order, Case) ->
    [Line | sort_stops(Lines, Order, Case)];
sort_stops([], _, _) ->
    [].

line({result, Action, Outcome}) ->
    ["result ", Action, $\s, atom_to_list(Outcome)];
line({state, States}) ->
    ["state", [[$\s, Id, $=, atom_to_list(State)] || {Id, State} <- States]];
line({report, What, Id}) ->
    ["report ", atom_to_list(What), $\s, Id];
line({What, Id, Class}) ->
    [atom_to_list(What), $\s, Id, $\s, atom_to_list(Class)];
line({What, Id}) ->
    [atom_to_list(What), $\s, Id].
