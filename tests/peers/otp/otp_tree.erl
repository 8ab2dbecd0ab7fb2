%% The supervisors and workers of a case, and the wait until they are quiet.
-module(otp_tree).
-behaviour(supervisor).
-export([child_spec/2, settle/1]).
-export([init/1, start_supervisor/2, start_worker/2]).

%% Far more than any case needs; beyond it something here is wrong.
-define(ROUNDS_MAX, 10000).

child_spec(#{kind := template} = Node, Case) ->
    child_spec(Node, start_worker, [Case], worker);
child_spec(#{kind := worker, id := Id} = Node, Case) ->
    child_spec(Node, start_worker, [Case, Id], worker);
child_spec(#{kind := supervisor, id := Id} = Node, Case) ->
    child_spec(Node, start_supervisor, [Case, Id], supervisor).

child_spec(#{id := Id, restart := Restart, significant := Significant,
             shutdown := Shutdown},
           Function, Arguments, Type) ->
    #{id => Id, start => {?MODULE, Function, Arguments}, restart => Restart,
      significant => Significant, shutdown => Shutdown, type => Type}.

init({#{tree := Tree} = Case, Id}) ->
    #{flags := Flags} = otp_cases:find_node(Id, Case),
    {ok, {Flags, [child_spec(Node, Case)
                  || #{parent := Parent} = Node <- Tree, Parent =:= Id]}}.

%% ---------------------------------------------------------------------------
%% Start functions: they run in the supervisor
%% ---------------------------------------------------------------------------

start_supervisor(Case, Id) ->
    ok = attempt(Case, Id),
    case supervisor:start_link(?MODULE, {Case, Id}) of
        {ok, Pid} ->
            otp_recorder:ask(Case, {supervisor_up, Id, Pid}),
            {ok, Pid};
        {error, {Refused, _}} = Error
          when Refused =:= start_spec; Refused =:= supervisor_data ->
            otp_recorder:ask(Case, {start_failed, refused, Id}),
            Error;
        Error ->
            otp_recorder:ask(Case, {start_failed, start_failed, Id}),
            Error
    end.

start_worker(Case, Id) ->
    case attempt(Case, Id) of
        ok ->
            Supervisor = self(),
            Pid = spawn_link(fun() -> worker(Case, Id, Supervisor) end),
            receive {up, Pid} -> {ok, Pid} end;
        ignored ->
            ignore;
        failed ->
            {error, failed}
    end.

attempt(Case, Id) ->
    {Answer, Dead} = otp_recorder:ask(Case, {attempt, Id}),
    await_exits(Dead, ?ROUNDS_MAX),
    Answer.

await_exits(Dead, Rounds) when Rounds > 0 ->
    {messages, Messages} = process_info(self(), messages),
    case Dead -- [Pid || {'EXIT', Pid, _} <- Messages] of
        [] ->
            ok;
        _ ->
            erlang:yield(),
            await_exits(Dead, Rounds - 1)
    end.

worker(Case, Id, Supervisor) ->
    process_flag(trap_exit, true),
    otp_recorder:ask(Case, {worker_up, Id, self()}),
    Supervisor ! {up, self()},
    live(Case, Id, Supervisor).

live(Case, Id, Supervisor) ->
    receive
        {'EXIT', Supervisor, Reason} ->
            Class = otp_cases:class_of(Reason),
            otp_recorder:ask(Case, {stopped, Id, Class}),
            exit(Reason);
        {be_deaf, From} ->
            From ! {deaf, self()},
            receive {die, Reason} -> exit(Reason) end;
        {die, Reason} ->
            exit(Reason)
    end.

%% ---------------------------------------------------------------------------
%% Quiet
%% ---------------------------------------------------------------------------

%% Waits until nothing is left to do and returns the state of all ids. That is
%% so when all supervisors answer, all children that they speak of are alive
%% and none is being restarted, twice in a row with no line in between: what a
%% supervisor has still to do shows in one of these.
settle(Case) -> settle(Case, none, ?ROUNDS_MAX).

settle(Case, Before, Rounds) when Rounds > 0 ->
    Lines = otp_recorder:ask(Case, count),
    Now = try {Lines, look("root", Case)}
          catch throw:busy -> none
          end,
    case Now =/= none andalso Now =:= Before
             andalso Lines =:= otp_recorder:ask(Case, count) of
        true ->
            {_, Known} = Now,
            [{Id, proplists:get_value(Id, Known, absent)}
             || Id <- otp_cases:order(Case)];
        false ->
            erlang:yield(),
            settle(Case, Now, Rounds - 1)
    end.

look(Id, Case) ->
    case otp_recorder:ask(Case, {alive, Id}) of
        none when Id =:= "root" -> [];
        none -> throw(busy);
        Pid -> [{Id, running} | look_below(Id, children(Pid), Case)]
    end.

children(Pid) ->
    try supervisor:which_children(Pid)
    catch exit:_ -> throw(busy)
    end.

look_below(Parent, Children, Case) ->
    Names = case otp_cases:is_simple(Parent, Case) of
                true -> otp_recorder:ask(Case, names);
                false -> #{}
            end,
    lists:append([look_at(maps:get(Pid, Names, Id), Pid, Type, Case)
                  || {Id, Pid, Type, _} <- Children]).

look_at(Id, undefined, _, _) ->
    [{Id, undefined}];
look_at(_, restarting, _, _) ->
    throw(busy);
look_at(Id, Pid, Type, Case) ->
    case is_process_alive(Pid) of
        false -> throw(busy);
        true when Type =:= supervisor -> look(Id, Case);
        true -> [{Id, running}]
    end.
